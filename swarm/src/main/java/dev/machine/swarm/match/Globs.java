package dev.machine.swarm.match;

import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;

/** Translates wildcards into patterns that take linear time. */
public final class Globs {
    private Globs() {}

    /** Classic Swarm's wildcards: only {@code *} is special; it matches any text. */
    public static LinearPattern stars(String glob) throws BadPatternException {
        StringBuilder pattern = new StringBuilder("(?s)^");
        int start = 0;
        for (int star = glob.indexOf('*'); star >= 0; star = glob.indexOf('*', start)) {
            pattern.append(LinearPattern.quote(glob.substring(start, star))).append(".*");
            start = star + 1;
        }
        pattern.append(LinearPattern.quote(glob.substring(start))).append('$');
        return LinearPattern.compile(pattern.toString());
    }

    /**
     * The wildcards of Docker's {@code reference} filter, which are those of Go's {@code
     * path.Match}: {@code *} and {@code ?} do not match a slash, {@code [a-z]} and {@code [^a-z]}
     * match one character, a backslash quotes the next one.
     */
    public static LinearPattern path(String glob) throws BadPatternException {
        StringBuilder pattern = new StringBuilder("(?s)^");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> pattern.append("[^/]*");
                case '?' -> pattern.append("[^/]");
                case '[' -> {
                    int end = classEnd(glob, i);
                    pattern.append(glob, i, end);
                    i = end - 1;
                }
                case '\\' -> {
                    i++;
                    pattern.append(
                            LinearPattern.quote(glob.substring(i, Math.min(i + 1, glob.length()))));
                }
                default -> pattern.append(LinearPattern.quote(String.valueOf(c)));
            }
        }
        return LinearPattern.compile(pattern.append('$').toString());
    }

    /**
     * Where a character class ends. One that is not closed is refused when the pattern is compiled.
     */
    private static int classEnd(String glob, int start) {
        for (int i = start + 1; i < glob.length(); i++) {
            if (glob.charAt(i) == '\\') {
                i++;
            } else if (glob.charAt(i) == ']') {
                return i + 1;
            }
        }
        return glob.length();
    }
}
