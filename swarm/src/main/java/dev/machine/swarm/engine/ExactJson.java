package dev.machine.swarm.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.machine.common.JsonFault;
import java.io.IOException;

/** JSON that is passed on: numbers keep every digit they came with. */
public final class ExactJson {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder(LimitedJson.factory())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private ExactJson() {}

    /**
     * Reads it.
     *
     * @throws JsonProcessingException also for numbers whose exponent Java cannot count
     */
    public static JsonNode read(byte[] text) throws IOException {
        try {
            return MAPPER.readTree(text);
        } catch (NumberFormatException e) {
            throw JsonFault.exponent(e);
        }
    }

    /** The same of text. */
    public static JsonNode read(String text) throws JsonProcessingException {
        try {
            return MAPPER.readTree(text);
        } catch (NumberFormatException e) {
            throw JsonFault.exponent(e);
        }
    }

    /** Writes it as it was read. */
    public static byte[] write(JsonNode json) throws JsonProcessingException {
        return MAPPER.writeValueAsBytes(json);
    }
}
