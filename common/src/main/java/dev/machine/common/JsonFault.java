package dev.machine.common;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * Takes from Jackson's errors what is wrong with a text in JSON or YAML. The names of Jackson's
 * features and of a source that it does not show are left out.
 */
public final class JsonFault {
    private JsonFault() {}

    /** The error's message. It quotes the text, so escape it before printing. */
    public static String words(JsonProcessingException e) {
        String words = e.getOriginalMessage();
        words = without(words, " (start marker at [", "])");
        words = without(words, " (for Object starting at [", "])");
        words = without(words, " (for Array starting at [", "])");
        words = without(words, " (not recognized as one since Feature", ")");
        words = without(words, " at [Source", "]");
        return without(words, "[Source", "]").strip();
    }

    /**
     * Jackson throws this for an exponent that is too large; it is made a fault of the text like
     * others.
     */
    public static JsonParseException exponent(NumberFormatException e) {
        return new JsonParseException(null, "a number has too large an exponent", e);
    }

    private static String without(String text, String begin, String end) {
        int from = text.indexOf(begin);
        if (from < 0) {
            return text;
        }
        int to = text.indexOf(end, from);
        return text.substring(0, from) + (to < 0 ? "" : text.substring(to + end.length()));
    }
}
