package dev.machine.swarm.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.JsonFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON of engines into trees. A tree takes at least ten times the bytes of its text, so the
 * number of values is limited as well as the bytes.
 */
public final class LimitedJson {
    /** Bytes of one answer that is read as a whole. */
    public static final int MAX_ANSWER = 4 << 20;

    /** Bytes of an entry of a list, or of a line of a stream. */
    public static final int MAX_ENTRY = 1 << 20;

    private static final int MAX_MESSAGE = 1000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_TOKENS = 300_000;
    private static final ObjectMapper JSON = new ObjectMapper(factory());

    private LimitedJson() {}

    /** A factory of parsers with these limits. */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxTokenCount(MAX_TOKENS)
                                .maxStringLength(MAX_ANSWER)
                                .build())
                .build();
    }

    /** The tree of an answer; missing if there are no bytes. */
    public static JsonNode tree(byte[] bytes) throws IOException {
        try {
            return JSON.readTree(bytes);
        } catch (StreamConstraintsException e) {
            throw new TooLongException(
                    "the engine's answer holds too many values, or too deep: "
                            + JsonFault.words(e));
        }
    }

    /** What an engine says in an answer that is an error; the text itself if it is not JSON. */
    public static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            return tree(body).path("message").asText(text).strip();
        } catch (IOException e) {
            return text;
        }
    }

    /** The same for a list of many, or for one that is kept: what is longer is cut. */
    public static String shortMessage(byte[] body) {
        String message = message(body);
        return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    }

    /**
     * An entry of a list.
     *
     * @throws IOException if it is no object
     */
    public static ObjectNode object(byte[] bytes) throws IOException {
        if (tree(bytes) instanceof ObjectNode object) {
            return object;
        }
        throw new IOException("an entry of the engine's list is not an object");
    }

    /**
     * The {@code Id} of an entry, which engines write first.
     *
     * @throws IOException if it has none
     */
    static String id(byte[] bytes) throws IOException {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                for (String field = parser.nextFieldName();
                        field != null;
                        field = parser.nextFieldName()) {
                    JsonToken value = parser.nextToken();
                    if (field.equals("Id") && value == JsonToken.VALUE_STRING) {
                        return parser.getText();
                    }
                    parser.skipChildren();
                }
            }
        }
        throw new IOException("an entry of the engine's list has no Id");
    }
}
