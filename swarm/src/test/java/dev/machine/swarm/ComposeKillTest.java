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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The endpoint is killed between any two calls of a client that works as Compose does: it asks what
 * is there, makes what is missing, and removes what carries the label of its project.
 */
@Timeout(180)
class ComposeKillTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NETWORK = "shop_default";
    private static final List<String> SERVICES = List.of("db", "web", "worker");
    private static final String PROJECT = "\"com.docker.compose.project\":\"shop\"";

    @TempDir Path folder;

    private Swarm swarm;
    private int callsLeft;

    /** The endpoint is killed before the next call. */
    private static final class Killed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        swarm.engine("node-1", "1.12", "1.41");
        swarm.engine("node-2", "1.44", "1.51");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        if (callsLeft-- == 0) {
            throw new Killed();
        }
        HttpResponse<String> answer =
                switch (method) {
                    case "GET" -> swarm.get(path);
                    case "DELETE" -> swarm.delete(path);
                    default -> swarm.post(path, body);
                };
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, answer.body())
                .isIn(200, 201, 204, 304, 404);
        return answer;
    }

    private JsonNode list(String path) throws Exception {
        String filter = "{\"label\":[\"com.docker.compose.project=shop\"]}";
        String query = "filters=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
        return JSON.readTree(
                call("GET", path + (path.contains("?") ? "&" : "?") + query, "").body());
    }

    private void up() throws Exception {
        if (call("GET", "/networks/" + NETWORK, "").statusCode() == 404) {
            call(
                    "POST",
                    "/networks/create",
                    "{\"Name\":\""
                            + NETWORK
                            + "\",\"CheckDuplicate\":true,\"Labels\":{"
                            + PROJECT
                            + "}}");
        }
        for (String service : SERVICES) {
            JsonNode there = list("/containers/json?all=1");
            String id = "";
            for (JsonNode container : there) {
                if (service.equals(container.path("Labels").path("service").asText())) {
                    id = container.path("Id").asText();
                }
            }
            if (id.isEmpty()) {
                id =
                        JSON.readTree(
                                        call(
                                                        "POST",
                                                        "/containers/create?name=shop-" + service,
                                                        settings(service))
                                                .body())
                                .path("Id")
                                .asText();
            }
            call("POST", "/containers/" + id + "/start", "");
        }
    }

    private static String settings(String service) {
        return "{\"Image\":\"x\",\"Labels\":{"
                + PROJECT
                + ",\"com.docker.compose.container-number\":\"1\",\"service\":\""
                + service
                + "\"},\"HostConfig\":{\"NetworkMode\":\""
                + NETWORK
                + "\"},\"NetworkingConfig\":{\"EndpointsConfig\":{\""
                + NETWORK
                + "\":{}}},\"Env\":[\"constraint:node=="
                + (service.equals("db") ? "node-1" : "node-2")
                + "\"]}";
    }

    private void down() throws Exception {
        for (JsonNode container : list("/containers/json?all=1")) {
            String path = "/containers/" + container.path("Id").asText();
            call("POST", path + "/stop", "");
            call("DELETE", path + "?force=1&v=1", "");
        }
        for (JsonNode network : list("/networks")) {
            call("DELETE", "/networks/" + network.path("Id").asText(), "");
        }
    }

    /** A run of a client. */
    private interface Client {
        void run() throws Exception;
    }

    /** Runs a client until a call; then the endpoint is killed. Returns whether it had ended. */
    private boolean killedAfter(int calls, Client client) throws Exception {
        callsLeft = calls;
        try {
            client.run();
            return true;
        } catch (Killed e) {
            swarm.restart("spread", 2);
            return false;
        } finally {
            callsLeft = Integer.MAX_VALUE;
        }
    }

    private long containers() {
        return swarm.engines().stream().mapToLong(engine -> engine.containers().size()).sum();
    }

    private static boolean hasNetwork(FakeEngine engine) {
        return engine.networks().names().contains(NETWORK);
    }

    @Test
    void theNextRunConverges() throws Exception {
        boolean ended = false;
        for (int calls = 0; !ended; calls++) {
            ended = killedAfter(calls, this::up);
            up();
            assertThat(containers())
                    .as("up, killed after call %d", calls)
                    .isEqualTo(SERVICES.size());
            assertThat(list("/networks")).hasSize(1);
            assertThat(list("/containers/json")).hasSize(SERVICES.size());
            assertThat(swarm.engines()).allMatch(ComposeKillTest::hasNetwork);

            killedAfter(calls, this::down);
            down();
            assertThat(containers()).as("down, killed after call %d", calls).isZero();
            assertThat(swarm.engines()).noneMatch(ComposeKillTest::hasNetwork);
        }
    }
}
