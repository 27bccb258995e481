package dev.machine.provisioning.store;

import org.jspecify.annotations.Nullable;

/**
 * Checks that a path needs no quotation marks in a shell: {@code machine config} prints paths for
 * {@code docker $(machine config x)}, where quotation marks do not work. The fast path uses this
 * class, so it loads quickly.
 */
public final class PlainPath {
    /** The characters that shells replace in unquoted text or between double quotes. */
    private static final String SHELL_CHARACTERS = "*?[$`\\\"";

    /** Java's replacement for bytes that are not valid UTF-8. */
    private static final char UNDECODED = '\ufffd';

    private PlainPath() {}

    /** What the path contains that shells change, as the end of a sentence; null if nothing. */
    public static @Nullable String problem(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == UNDECODED) {
                return "bytes that are not UTF-8";
            }
            if (Character.isWhitespace(c)) {
                return c == '\n' ? "a line break" : "a blank";
            }
            if (Character.isISOControl(c)) {
                return "a control character";
            }
            if (SHELL_CHARACTERS.indexOf(c) >= 0) {
                return "the character " + c;
            }
        }
        return null;
    }
}
