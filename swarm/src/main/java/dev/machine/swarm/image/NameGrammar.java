package dev.machine.swarm.image;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks the parts of image names. Each check is one pass over the text, because regular
 * expressions of Java take exponential time for it. The grammar is that of the distribution
 * project's references (github.com/distribution/reference, {@code reference.go} and {@code
 * regexp.go}).
 */
final class NameGrammar {
    private static final int ID_DIGITS = 64;
    private static final int MAX_DOMAIN = 255;

    /** For all folders and the repository together (RepositoryNameTotalLengthMax). */
    static final int MAX_PATH = 255;

    private static final int MAX_TAG = 128;
    private static final int MIN_HEX = 32;
    private static final int MAX_DIGEST = 255;

    private NameGrammar() {}

    /** A set of characters. */
    private interface Kind {
        boolean has(char c);
    }

    /** Whether a text is the full id of an image, with or without its algorithm. */
    static boolean isId(String text) {
        String hex = text.startsWith("sha256:") ? text.substring(7) : text;
        return hex.length() == ID_DIGITS && all(hex, NameGrammar::lowerHex);
    }

    /** Whether a text is so many hexadecimal digits, in lower case. */
    static boolean isHex(String text, int least, int most) {
        return text.length() >= least && text.length() <= most && all(text, NameGrammar::lowerHex);
    }

    /** Whether a text is {@code host[:port]}; the host may be an IPv6 address in brackets. */
    static boolean isDomain(String text) {
        if (text.isEmpty() || text.length() > MAX_DOMAIN) {
            return false;
        }
        int hostEnd = text.charAt(0) == '[' ? text.indexOf(']') + 1 : end(text, 0, ':');
        String host = text.substring(0, hostEnd);
        String port = text.substring(hostEnd);
        boolean good =
                host.startsWith("[")
                        ? host.length() > 2
                                && all(
                                        host.substring(1, host.length() - 1),
                                        c -> hex(c) || c == ':')
                        : isHostName(host);
        return good
                && (port.isEmpty()
                        || (port.length() > 1
                                && port.charAt(0) == ':'
                                && all(port.substring(1), NameGrammar::digit)));
    }

    private static boolean isHostName(String host) {
        for (int start = 0, end; start <= host.length(); start = end + 1) {
            end = end(host, start, '.');
            if (start == end
                    || host.charAt(start) == '-'
                    || host.charAt(end - 1) == '-'
                    || !all(host.substring(start, end), c -> alphanumeric(c) || c == '-')) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a text consists of components between slashes, each of letters and digits with single
     * separators between them.
     */
    static boolean isPath(String text) {
        if (text.isEmpty() || text.length() > MAX_PATH) {
            return false;
        }
        boolean word = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' && !word) {
                return false;
            }
            if (c == '/') {
                word = false;
            } else if (lower(c) || digit(c)) {
                word = true;
            } else {
                int end = separator(text, i);
                if (!word || end < 0) {
                    return false;
                }
                word = false;
                i = end - 1;
                // A separator is followed by a letter or digit, never by a slash or the end.
                if (end == text.length() || text.charAt(end) == '/') {
                    return false;
                }
            }
        }
        return word;
    }

    /**
     * Where a separator ends: one dot, one or two underscores, any number of dashes; -1 if none.
     */
    private static int separator(String text, int start) {
        int end = start;
        char c = text.charAt(start);
        while (end < text.length() && text.charAt(end) == c) {
            end++;
        }
        int count = end - start;
        return switch (c) {
            case '.' -> count == 1 ? end : -1;
            case '_' -> count <= 2 ? end : -1;
            case '-' -> end;
            default -> -1;
        };
    }

    static boolean isTag(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_TAG
                && word(text.charAt(0))
                && all(text, c -> word(c) || c == '.' || c == '-');
    }

    /** {@code algorithm:hex}. */
    static boolean isDigest(String text) {
        int colon = text.indexOf(':');
        return colon > 0
                && text.length() <= MAX_DIGEST
                && text.length() - colon > MIN_HEX
                && all(text.substring(colon + 1), NameGrammar::hex)
                && isAlgorithm(text.substring(0, colon));
    }

    private static boolean isAlgorithm(String text) {
        boolean first = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean separator = "+._-".indexOf(c) >= 0;
            if (first ? !letter(c) : !separator && !alphanumeric(c)) {
                return false;
            }
            first = separator;
        }
        return !first;
    }

    private static int end(String text, int start, char stop) {
        int end = text.indexOf(stop, start);
        return end < 0 ? text.length() : end;
    }

    private static boolean all(String text, Kind kind) {
        for (int i = 0; i < text.length(); i++) {
            if (!kind.has(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean lower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean letter(char c) {
        return lower(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean alphanumeric(char c) {
        return letter(c) || digit(c);
    }

    private static boolean word(char c) {
        return alphanumeric(c) || c == '_';
    }

    private static boolean lowerHex(char c) {
        return digit(c) || (c >= 'a' && c <= 'f');
    }

    private static boolean hex(char c) {
        return lowerHex(c) || (c >= 'A' && c <= 'F');
    }

    /** What is wrong with a text that is no name, in Docker's words; null if nothing is. */
    static @Nullable String problem(String text) {
        if (isId(text) || ImageName.parse(text) != null) {
            return null;
        }
        int at = end(text, 0, '@');
        int colon = text.lastIndexOf(':', at - 1);
        int slash = text.lastIndexOf('/', at - 1);
        int pathEnd = colon > slash ? colon : at;
        if (pathEnd > MAX_PATH) {
            return "invalid reference format: repository name must not be more than "
                    + MAX_PATH
                    + " characters";
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return !lower.equals(text) && ImageName.parse(lower) != null
                ? "invalid reference format: repository name must be lowercase"
                : "invalid reference format";
    }
}
