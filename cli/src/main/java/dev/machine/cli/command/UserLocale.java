package dev.machine.cli.command;

import java.util.Map;

/**
 * The locale that the user has. Our own JVM runs in {@code C.UTF-8}, because Java cannot name a
 * file that the charset of the locale has no letters for; the launcher keeps what {@code LC_ALL}
 * was in {@code MACHINE_LC_ALL}, and programs that the user talks to get it back.
 */
final class UserLocale {
    private static final String KEPT = "MACHINE_LC_ALL";
    private static final String VARIABLE = "LC_ALL";

    private UserLocale() {}

    /** Puts the user's locale into a child's environment. */
    static void restore(Map<String, String> environment) {
        String kept = environment.remove(KEPT);
        if (kept == null) {
            return;
        }
        if (kept.isEmpty()) {
            environment.remove(VARIABLE);
        } else {
            environment.put(VARIABLE, kept);
        }
    }
}
