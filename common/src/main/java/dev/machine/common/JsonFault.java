package dev.machine.common;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * What the library says is wrong with a text in JSON or YAML, without what it says of itself:
 * Jackson names its own features and the place of a source that it does not show.
 */
public final class JsonFault {
    private JsonFault() {}

    /** Its words, which quote the text and so have to be escaped like it. */
    public static String words(JsonProcessingException e) {
        String words = e.getOriginalMessage();
        words = without(words, " (start marker at [", "])");
        words = without(words, " (for Object starting at [", "])");
        words = without(words, " (for Array starting at [", "])");
        words = without(words, " (not recognized as one since Feature", ")");
        words = without(words, " at [Source", "]");
        return without(words, "[Source", "]").strip();
    }

    /** Jackson checks the exponent of an exact number late, and as no fault of the text. */
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
