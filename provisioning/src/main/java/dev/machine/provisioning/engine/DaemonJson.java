package dev.machine.provisioning.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A daemon.json as dockerd reads it (moby's daemon/config, Go's encoding/json): an empty file and
 * {@code null} are an empty configuration, and a repeated key has the value that Go gives it. Text
 * after the first object, which engines before 23.0 do not read, is refused, so that it does not
 * get lost.
 */
final class DaemonJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The key whose value Go reads as a nested struct; all other objects are maps. */
    private static final String STRUCT = "builder";

    private DaemonJson() {}

    /**
     * Reads it.
     *
     * @return empty if it is JSON but not an object
     * @throws JsonProcessingException if it is not JSON
     */
    static Optional<ObjectNode> read(String text) throws JsonProcessingException {
        String trimmed = trim(text);
        if (trimmed.isEmpty()) {
            return Optional.of(NODES.objectNode());
        }
        // The text is not trimmed, so that an error counts lines as an editor does.
        int start = text.indexOf(trimmed);
        try (JsonParser parser =
                JSON.createParser(text.substring(0, start).replaceAll("[^\\n]", " ") + trimmed)) {
            JsonToken first = parser.nextToken();
            JsonNode value = value(parser, false);
            if (parser.nextToken() != null) {
                throw new JsonParseException(
                        parser,
                        "more follows the first JSON value, and an engine that reads only that one drops it: join them to one object");
            }
            if (first == JsonToken.VALUE_NULL) {
                return Optional.of(NODES.objectNode());
            }
            return value instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what Go's bytes.TrimSpace removes. */
    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || Character.isSpaceChar(c);
    }

    private static JsonNode value(JsonParser parser, boolean struct) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, struct);
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser, false));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(parser.getBooleanValue());
            default -> NODES.nullNode();
        };
    }

    /** Go keeps a double, and refuses a larger number too. */
    private static JsonNode decimal(JsonParser parser) throws IOException {
        try {
            if (Double.isFinite(parser.getDoubleValue())) {
                return DecimalNode.valueOf(parser.getDecimalValue());
            }
        } catch (NumberFormatException e) {
            // The exponent has more digits than Java can read.
        }
        throw new JsonParseException(parser, "the number " + parser.getText() + " is out of range");
    }

    private static ObjectNode object(JsonParser parser, boolean struct) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            JsonNode next = value(parser, struct || key.equals(STRUCT));
            JsonNode before = object.get(key);
            object.set(
                    key, before == null ? next : again(before, next, struct || key.equals(STRUCT)));
        }
        return object;
    }

    /**
     * The result of a repeated key: maps are joined, and null leaves any other value but lists and
     * maps.
     */
    private static JsonNode again(JsonNode before, JsonNode next, boolean struct) {
        if (next.isNull() && before.isValueNode()) {
            return before;
        }
        if (before instanceof ObjectNode there && next instanceof ObjectNode more) {
            more.properties()
                    .forEach(
                            entry -> {
                                JsonNode old = there.get(entry.getKey());
                                there.set(
                                        entry.getKey(),
                                        old == null || !struct
                                                ? entry.getValue()
                                                : again(old, entry.getValue(), true));
                            });
            return there;
        }
        return next;
    }

    /** The same type that a mapper chooses, so that equal numbers compare as equal. */
    private static JsonNode integer(BigInteger number) {
        if (number.bitLength() < Integer.SIZE) {
            return NODES.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE
                ? NODES.numberNode(number.longValue())
                : NODES.numberNode(number);
    }
}
