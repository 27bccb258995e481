package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of swarm mode and of plugins, as an engine outside of a swarm mode answers them. */
@Timeout(60)
class NoSwarmModeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine old;
    private FakeEngine current;
    private FakeEngine newest;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        old = swarm.engine("a-1", "1.12", "1.41");
        current = swarm.engine("b-1", "1.44", "1.51");
        newest = swarm.engine("c-1", "1.40", "1.57");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("message").asText();
    }

    /** The CLI prints it for {@code docker node ls}, {@code docker service ls} and the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/swarm",
                "/swarm/unlockkey",
                "/nodes",
                "/nodes/self",
                "/services",
                "/services/web",
                "/tasks",
                "/tasks/1",
                "/secrets",
                "/secrets/key",
                "/configs",
                "/configs/c"
            })
    void swarmModeIsRefusedInMobysWords(String path) throws Exception {
        HttpResponse<String> answer = swarm.get("/v1.51" + path);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(message(answer))
                .isEqualTo(
                        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker"
                                + " swarm join\" to connect this node to swarm and try again.");
    }

    @Test
    void leavingAndJoiningASwarmSayWhyNot() throws Exception {
        HttpResponse<String> left = swarm.post("/v1.51/swarm/leave", "");
        assertThat(left.statusCode()).isEqualTo(503);
        assertThat(message(left)).isEqualTo("This node is not part of a swarm");
        HttpResponse<String> init = swarm.post("/v1.51/swarm/init", "{}");
        assertThat(init.statusCode()).isEqualTo(501);
        assertThat(message(init)).contains("has no swarm mode");
    }

    /**
     * {@code docker inspect NAME} asks for objects of swarm mode only if {@code /info} says that
     * this is a manager (docker/cli, system/inspect.go), and goes on after 404.
     */
    @Test
    void inspectOfAnythingIsNotStoppedBySwarmMode() throws Exception {
        JsonNode state = JSON.readTree(swarm.get("/info").body()).path("Swarm");
        assertThat(state.path("LocalNodeState").asText()).isEqualTo("inactive");
        assertThat(state.path("ControlAvailable")).isEqualTo(JSON.readTree("false"));
        HttpResponse<String> plugin = swarm.get("/plugins/none/json");
        assertThat(plugin.statusCode()).isEqualTo(404);
        assertThat(message(plugin)).contains("only lists plugins");
        assertThat(swarm.post("/plugins/x/enable", "").statusCode()).isEqualTo(501);
    }

    @Test
    void pluginsOfAllNodesAreListedOnceEach() throws Exception {
        old.answers("/plugins", 200, "[{\"Id\":\"1\",\"Name\":\"nfs\"}]");
        current.answers("/plugins", 200, "[{\"Id\":\"1\"},{\"Id\":\"2\",\"Name\":\"log\"}]");
        newest.answers("/plugins", 500, "{\"message\":\"broken\"}");
        HttpResponse<String> answer = swarm.get("/v1.51/plugins?filters=%7B%7D");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).findValuesAsText("Id")).containsExactly("1", "2");
        assertThat(old.calls()).contains("GET /v1.41/plugins?filters=%7B%7D");
    }

    @Test
    void ifNoNodeListsItsPluginsTheReasonIsTheAnswer() throws Exception {
        for (FakeEngine engine : List.of(old, current, newest)) {
            engine.answers("/plugins", 400, "{\"message\":\"invalid filter\"}");
        }
        HttpResponse<String> answer = swarm.get("/plugins?filters=x");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(message(answer)).contains("node a-1", "invalid filter");
    }
}
