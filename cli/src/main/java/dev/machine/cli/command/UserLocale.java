package dev.machine.cli.command;

import java.util.Map;

/**
 * The user's locale. This JVM runs in {@code C.UTF-8}, because Java can only name files in the
 * charset of its locale. The launcher saves the user's {@code LC_ALL} in {@code MACHINE_LC_ALL},
 * and the programs that machine starts get it back.
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
