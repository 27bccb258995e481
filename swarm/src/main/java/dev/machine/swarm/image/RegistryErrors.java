package dev.machine.swarm.image;

import java.util.List;
import java.util.Locale;

/** What engines and registries say, in their many words. */
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
     * Whether there is no such image, or none without credentials. One that is there, but not for a
     * platform, may be had on another node; and a call that an old engine lacks says nothing.
     */
    static boolean refused(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return REFUSED.stream().anyMatch(lower::contains)
                && !lower.contains("no matching manifest")
                && !lower.contains("page not found");
    }
}
