package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.machine.swarm.engine.LimitedJson;

/** JSON that is passed on: numbers keep every digit they came with. */
final class ExactJson {
    static final ObjectMapper MAPPER =
            JsonMapper.builder(LimitedJson.factory())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private ExactJson() {}
}
