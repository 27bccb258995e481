package dev.machine.swarm.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.EngineCall;
import dev.machine.common.Pem;
import java.io.IOException;
import java.time.Duration;

/** Asks for the {@code Name} in {@code /info}: the engine's host name. */
final class InfoNameLookup implements NameLookup {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PemFiles tls;

    InfoNameLookup(PemFiles tls) {
        this.tls = tls;
    }

    @Override
    public String ask(EngineAddress engine) throws IOException {
        EngineCall call = new EngineCall(Pem.context(tls.ca(), tls.cert(), tls.key()));
        EngineCall.Answer answer = call.get(engine.host(), engine.port(), "/info", TIMEOUT);
        if (answer.status() != 200) {
            throw new IOException("it answers /info with status " + answer.status());
        }
        JsonNode info = JSON.readTree(answer.body());
        return info.path("Name").asText("");
    }
}
