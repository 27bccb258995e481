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

    private RegistryErrors() {}

    /**
     * Whether a message says that there is no such image, or none without credentials. An image
     * that has no variant for a platform does not count: another node may get it. Nor does the
     * answer of an old engine that lacks the call.
     */
    static boolean refused(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return REFUSED.stream().anyMatch(lower::contains)
                && !lower.contains("no matching manifest")
                && !lower.contains("page not found");
    }
}
