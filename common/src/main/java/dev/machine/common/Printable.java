package dev.machine.common;

/**
 * Makes text of others (nodes, engines, clouds, clients, files) safe for a terminal and a log:
 * characters that move the cursor, ring the bell, begin a line or change the direction of writing
 * are shown as an escape, as {@code \x1b}. Sources: ECMA-48 (the C0 and C1 controls), Unicode
 * Standard Annex 9 (the bidirectional controls). Umlauts and emojis stay.
 */
public final class Printable {
    private static final int MAX_BRIEF_LENGTH = 200;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Printable() {}

    /** The text on one line: line feeds and tabs are escaped as well. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** The same, cut to a length that fits into a sentence. */
    public static String brief(String text) {
        String line = line(text.substring(0, Math.min(text.length(), MAX_BRIEF_LENGTH + 1)));
        return line.length() <= MAX_BRIEF_LENGTH
                ? line
                : line.substring(0, MAX_BRIEF_LENGTH) + "...";
    }

    /** The same as {@link #line} for text with several lines: line feeds stay. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /**
     * JSON with these characters as JSON's own escapes, so that its values do not change.
     * Serializers escape only the characters below U+0020.
     */
    public static String json(String json) {
        int clean = clean(json);
        if (clean == json.length()) {
            return json;
        }
        StringBuilder result = new StringBuilder(json.length() + 16).append(json, 0, clean);
        for (int i = clean; i < json.length(); ) {
            int codePoint = json.codePointAt(i);
            int end = i + Character.charCount(codePoint);
            boolean blank = codePoint == '\n' || codePoint == '\r' || codePoint == '\t';
            for (; i < end; i++) {
                if (blank || !unsafe(codePoint)) {
                    result.append(json.charAt(i));
                } else {
                    append(result, "\\u", json.charAt(i), 4);
                }
            }
        }
        return result.toString();
    }

    private static String escaped(String text, boolean keepsLines) {
        int clean = clean(text);
        if (clean == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 16).append(text, 0, clean);
        for (int i = clean; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint == '\n' ? keepsLines : !unsafe(codePoint)) {
                result.appendCodePoint(codePoint);
            } else {
                appendEscape(result, codePoint);
            }
        }
        return result.toString();
    }

    /** The length of the part before the first unsafe character; most texts have none. */
    private static int clean(String text) {
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (unsafe(codePoint)) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return text.length();
    }

    private static boolean unsafe(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint < 0x20 || codePoint == 0x7f;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            // These two join emojis.
            case Character.FORMAT ->
                    codePoint != ZERO_WIDTH_NON_JOINER && codePoint != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    private static void appendEscape(StringBuilder result, int codePoint) {
        switch (codePoint) {
            case '\n' -> result.append("\\n");
            case '\r' -> result.append("\\r");
            case '\t' -> result.append("\\t");
            default -> {
                if (codePoint < 0x100) {
                    append(result, "\\x", codePoint, 2);
                } else if (codePoint < 0x10000) {
                    append(result, "\\u", codePoint, 4);
                } else {
                    append(result, "\\U", codePoint, 8);
                }
            }
        }
    }

    private static void append(StringBuilder result, String prefix, int value, int digits) {
        result.append(prefix);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            result.append(Character.forDigit(value >> shift & 15, 16));
        }
    }
}
