package dev.machine.provisioning.store;

import org.jspecify.annotations.Nullable;

/**
 * Whether a path can be typed as it is printed: {@code machine config} prints paths for {@code
 * docker $(machine config x)}, where no quotation marks help. Needs nothing that is slow to load.
 */
public final class PlainPath {
    /** What shells replace in unquoted text or between double quotes. */
    private static final String SHELLS = "*?[$`\\\"";

    /** What Java makes of bytes that are not letters in its locale, which is always UTF-8. */
    private static final char UNDECODED = '\ufffd';

    private PlainPath() {}

    /** What is in the path that makes it none, as the end of "it contains"; null if it is one. */
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
            if (SHELLS.indexOf(c) >= 0) {
                return "the character " + c;
            }
        }
        return null;
    }
}
