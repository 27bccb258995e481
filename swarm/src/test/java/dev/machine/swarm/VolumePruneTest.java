package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * E18 and D5: engines before API 1.42 prune named volumes, too; the client's version says what is
 * meant.
 */
@Timeout(60)
class VolumePruneTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRST = "1".repeat(64);
    private static final String SECOND = "2".repeat(64);
    private static final String USED = "3".repeat(64);

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine old;
    private FakeEngine recent;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        old = swarm.engine("node-1", "1.12", "1.41");
        recent = swarm.engine("node-2", "1.44", "1.51");
        swarm.engine("node-3", "1.40", "1.57");
        for (FakeEngine engine : new FakeEngine[] {old, recent}) {
            engine.volumes().create(engine == old ? FIRST : SECOND);
            engine.volumes().create("data-" + engine.name());
            engine.volumes().holds(engine == old ? FIRST : SECOND, 100);
            engine.volumes().holds("data-" + engine.name(), 1000);
        }
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private JsonNode prune(String version, String filters) throws Exception {
        HttpResponse<String> answer =
                swarm.post(
                        version
                                + "/volumes/prune?filters="
                                + URLEncoder.encode(filters, StandardCharsets.UTF_8),
                        "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static void pruned(JsonNode answer, long space, String... names) {
        assertThat(answer.path("VolumesDeleted"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(names);
        assertThat(answer.path("SpaceReclaimed").asLong()).isEqualTo(space);
    }

    @Test
    void aNewClientNeverLosesNamedVolumesOfOldEngines() throws Exception {
        old.volumes().createWith("4".repeat(64), "{\"DriverOpts\":{\"type\":\"nfs\"}}");
        old.volumes().createWith("5".repeat(64), "{\"Driver\":\"zfs\"}");
        old.volumes().create(USED);
        swarm.post(
                "/containers/create?name=x",
                "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\"" + USED + ":/d\"]}}");
        pruned(prune("/v1.43", "{}"), 200, FIRST, SECOND);
        assertThat(old.volumes().names())
                .containsExactlyInAnyOrder("data-node-1", USED, "4".repeat(64), "5".repeat(64));
        assertThat(recent.volumes().names()).containsExactly("data-node-2");
        assertThat(old.calls()).noneMatch(call -> call.contains("/volumes/prune"));
    }

    @Test
    void allMeansNamedVolumesToo() throws Exception {
        pruned(
                prune("/v1.43", "{\"all\":[\"true\"]}"),
                2200,
                FIRST,
                SECOND,
                "data-node-1",
                "data-node-2");
    }

    @Test
    void anOldClientMeansNamedVolumesTooOnAnyEngine() throws Exception {
        pruned(prune("/v1.41", "{}"), 2200, FIRST, SECOND, "data-node-1", "data-node-2");
    }

    @Test
    void labelsAndNodesSelect() throws Exception {
        String kept = "6".repeat(64);
        String gone = "7".repeat(64);
        old.volumes().createWith(kept, "{\"Labels\":{\"a\":\"1\",\"keep\":\"1\"}}");
        old.volumes().createWith(gone, "{\"Labels\":{\"a\":\"1\"}}");
        pruned(prune("/v1.43", "{\"label\":[\"a\"],\"label!\":[\"keep\"]}"), 0, gone);
        pruned(prune("/v1.43", "{\"node\":[\"node-2\"]}"), 100, SECOND);
        assertThat(old.volumes().names()).contains(kept, FIRST);
    }

    @Test
    void whatAContainerTakesMeanwhileStays() throws Exception {
        old.volumes().busy(FIRST);
        pruned(prune("/v1.43", "{}"), 100, SECOND);
        assertThat(old.volumes().names()).contains(FIRST);
    }

    @Test
    void aNodeThatFailsDoesNotSpoilTheOthersAnswer() throws Exception {
        old.volumes().answers(500);
        pruned(prune("/v1.43", "{}"), 100, SECOND);
    }
}
