package dev.machine.swarm.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;

/** An engine's JSON: an entry of its list, its /info and /version, whatever it says there. */
class EngineAnswersFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ApiVersion VERSION = new ApiVersion(1, 44);

    @FuzzTest(maxDuration = "5s")
    void areTakenAsTheyAre(byte[] input) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(input);
        } catch (IOException e) {
            return;
        }
        if (root instanceof ObjectNode entry) {
            EngineFacts facts = EngineFacts.of(entry, entry, VERSION, VERSION, NOW);
            assertThat(facts.platform().toString()).isNotBlank();
            Resources resources = Resources.of(entry, entry.path("ExposedPorts"));
            assertThat(resources.ports()).allMatch(port -> port.port() > 0);
            Container container =
                    Container.of(entry, "192.0.2.4", NOW, resources, new NetworkStore());
            ByteArrayOutputStream shown = new ByteArrayOutputStream();
            container.writeTo(
                    shown, container.names(), StatusText.at(NOW.plusSeconds(90), container));
            JsonNode again = JSON.readTree(shown.toByteArray());
            assertThat(again.path("Id").asText()).isEqualTo(container.id());
            assertThat(again.has("Status")).isTrue();
            assertThat(shown.toString(UTF_8)).doesNotContainPattern("[\\x00-\\x1f]");
        }
    }
}
