package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls of {@code docker system prune}, in its order. */
@Timeout(60)
class SystemPruneTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine one;
    private FakeEngine two;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        one = swarm.engine("node-1", "1.12", "1.41");
        two = swarm.engine("node-2", "1.44", "1.51");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private static void pruned(FakeEngine engine, String kind, String list, String entry) {
        engine.says(
                "/" + kind + "/prune",
                out ->
                        out.write(
                                "{\"%s\":[%s],\"SpaceReclaimed\":5}"
                                        .formatted(list, entry)
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode prune(String kind) throws Exception {
        HttpResponse<String> answer = swarm.post("/" + kind + "/prune", "");
        assertThat(answer.statusCode()).as("%s: %s", kind, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @Test
    void everythingIsPrunedOnAllNodes() throws Exception {
        for (FakeEngine engine : swarm.engines()) {
            String own = "\"of " + engine.name() + "\"";
            pruned(engine, "containers", "ContainersDeleted", own);
            pruned(engine, "images", "ImagesDeleted", "{\"Deleted\":" + own + "}");
            pruned(engine, "build", "CachesDeleted", own);
        }
        one.networks().create("own");
        two.volumes().create("a".repeat(64));
        two.volumes().create("kept");
        Await.until("it is known", () -> swarm.get("/networks").body().contains("node-1/own"));

        assertThat(prune("containers").path("ContainersDeleted")).hasSize(2);
        assertThat(prune("networks").path("NetworksDeleted").toString())
                .isEqualTo("[\"node-1/own\"]");
        assertThat(prune("volumes").path("VolumesDeleted")).hasSize(1);
        assertThat(prune("images").path("SpaceReclaimed").asLong()).isEqualTo(10);
        assertThat(prune("build").path("CachesDeleted")).hasSize(2);
        assertThat(prune("build").path("SpaceReclaimed").asLong()).isEqualTo(10);
        assertThat(two.volumes().names()).containsExactly("kept");
        assertThat(one.networks().names()).doesNotContain("own");
    }

    @Test
    void aNodeThatFailsDoesNotStopTheOthers() throws Exception {
        pruned(two, "build", "CachesDeleted", "\"x\"");
        assertThat(prune("build").path("CachesDeleted")).hasSize(1);
    }
}
