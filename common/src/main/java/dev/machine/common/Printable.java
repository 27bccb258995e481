package dev.machine.common;

/**
 * Text that others sent (nodes, engines, clouds, clients, files), made fit for a terminal and a
 * log: whatever would move the cursor, ring, begin a new line or turn the direction of writing is
 * shown as an escape, as {@code \x1b}. Sources: ECMA-48 (the C0 and C1 controls), Unicode Standard
 * Annex 9 (the bidirectional controls). Umlauts and emojis stay what they are.
 */
public final class Printable {
    private static final int BRIEF = 200;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Printable() {}

    /** The text on one line: line feeds and tabs are shown as escapes too. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** A line that fits into a sentence of ours, whatever others sent: what is longer is cut. */
    public static String brief(String text) {
        String line = line(text.substring(0, Math.min(text.length(), BRIEF + 1)));
        return line.length() <= BRIEF ? line : line.substring(0, BRIEF) + "...";
    }

    /** The same as {@link #line} for text of ours that has several lines: line feeds stay. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /**
     * JSON in which these characters stand as JSON's own escapes, so that its values are not
     * changed. Serializers escape only what is below U+0020.
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

    /** How long the text is before its first unsafe character; most texts have none. */
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
            // Emojis are joined by these two.
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
