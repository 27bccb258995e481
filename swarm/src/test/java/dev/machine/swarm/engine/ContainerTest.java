package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of an entry of an engine's list. */
class ContainerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** E11: fields of new engines are passed on, and addresses are read of the networks only. */
    @Test
    void fieldsOfNewEnginesStayAsTheyAre() throws IOException {
        ObjectNode entry =
                (ObjectNode)
                        JSON.readTree(
                                """
                                {"Id":"1","Names":["/web"],"State":"running","Status":"Up 1 second",
                                 "Health":{"Status":"healthy","FailingStreak":0},
                                 "ImageManifestDescriptor":{"platform":{"architecture":"arm64"}},
                                 "NetworkSettings":{"Networks":{"front":
                                  {"NetworkID":"own","GwPriority":7,"IPAddress":"172.18.0.2"}}}}""");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Container container =
                Container.of(
                        entry.deepCopy(), "10.0.0.1", null, Resources.NONE, new NetworkStore());
        container.writeTo(out, List.of("/web"), "Up 1 second");

        JsonNode shown = JSON.readTree(out.toByteArray());
        for (String field : List.of("Health", "ImageManifestDescriptor", "NetworkSettings")) {
            assertThat(shown.get(field)).as(field).isEqualTo(entry.get(field));
        }
        assertThat(container.attached().networks()).containsExactlyInAnyOrder("front", "own");
    }
}
