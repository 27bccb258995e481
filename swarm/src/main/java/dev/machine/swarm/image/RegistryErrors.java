package dev.machine.swarm.image;

import java.util.List;
import java.util.Locale;

/** Understands the error messages of engines and registries. */
final class RegistryErrors {
    private static final List<String> REFUSED =
            List.of(
                    "not found",
                    "manifest unknown",
                    "name unknown",
                    "does not exist",
                    "denied",
                    "unauthorized",
                    "unauthorised",
                    "authentication required",
                    "no basic auth");

    /**
     * The code of the OCI distribution specification as the Hub's message begins with it, and the
     * status as an engine with the containerd store shows it.
     */
    private static final List<String> LIMITED = List.of("toomanyrequests", "429 too many requests");

    private static final int TOO_MANY_REQUESTS = 429;

    private RegistryErrors() {}

    /**
     * Whether the registry gives nothing more for now because it was asked too often (the Hub's
     * rate limit). The nodes of a rack often share one address, so another node would only add to
     * that.
     *
     * @param status of the engine's answer; engines pass the registry's status on or answer 500
     */
    static boolean limited(int status, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return status == TOO_MANY_REQUESTS || LIMITED.stream().anyMatch(lower::contains);
    }

    /**
     * Whether a message says that there is no such image, or none without credentials. An image
     * that has no variant for a platform does not count: another node may get it. Nor does the
     * answer of an old engine that lacks the call.
     */
    static boolean refused(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return REFUSED.stream().anyMatch(lower::contains)
                && LIMITED.stream().noneMatch(lower::contains)
                && !lower.contains("no matching manifest")
                && !lower.contains("page not found");
    }
}
