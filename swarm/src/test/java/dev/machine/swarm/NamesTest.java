package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How containers are named by clients, and to them. */
@Timeout(60)
class NamesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Recorded: docker/cli 28f7560, version 29.8.0. */
    private static final String NEW_DOCKER = "Docker-Client/29.8.0 (linux)";

    private static final String OLD_DOCKER = "Docker-Client/28.5.2+dfsg1 (linux)";

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine one;
    private FakeEngine two;

    @BeforeEach
    void start() throws Exception {
        swarm = new Swarm(folder);
        one = swarm.engine("node-1", "1.24", "1.41");
        two = swarm.engine("node-2", "1.44", "1.60");
        swarm.start("spread");
        assertThat(create("web", "").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String name, String host) throws Exception {
        return swarm.post(
                "/v1.43/containers/create?name=" + name,
                "{\"Image\":\"x\",\"Env\":[\"constraint:node==node-1\"],\"HostConfig\":{"
                        + host
                        + "}}");
    }

    private JsonNode json(String agent, String path) throws Exception {
        HttpResponse<String> answer = swarm.get(path, agent);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String filter(String key, String value) {
        return "filters="
                + URLEncoder.encode(
                        "{\"" + key + "\":[\"" + value + "\"]}", StandardCharsets.UTF_8);
    }

    @Test
    void aDockerThatHidesNamesWithASlashGetsNamesWithoutOne() throws Exception {
        assertThat(json(NEW_DOCKER, "/containers/json?all=1").get(0).path("Names"))
                .extracting(JsonNode::asText)
                .containsExactly("/web@node-1");
        assertThat(json(NEW_DOCKER, "/containers/web/json").path("Name").asText())
                .isEqualTo("/web@node-1");
        assertThat(swarm.get("/containers/web/stats", NEW_DOCKER).body())
                .isEqualTo(
                        "{\"name\":\"/web@node-1\",\"n\":1.50,\"read\":\"1\"}\n"
                                + "{\"name\":\"/web@node-1\",\"n\":1.50,\"read\":\"2\"}\n");
        assertThat(past(NEW_DOCKER)).contains("\"name\":\"web@node-1\"");
    }

    @Test
    void otherClientsGetNamesAsInClassicSwarm() throws Exception {
        for (String agent : List.of(OLD_DOCKER, "compose/2.26.1", "Docker-Client/x (linux)")) {
            assertThat(json(agent, "/containers/json?all=1").get(0).path("Names"))
                    .extracting(JsonNode::asText)
                    .containsExactly("/node-1/web");
            assertThat(json(agent, "/containers/web/json").path("Name").asText()).isEqualTo("/web");
            assertThat(swarm.get("/containers/web/stats", agent).body())
                    .startsWith("{\"name\":\"/web\",\"n\":1.50");
            assertThat(past(agent)).contains("\"name\":\"web\"");
        }
    }

    private String past(String agent) throws Exception {
        return swarm.get(
                        "/events?since=1&until="
                                + Instant.now().getEpochSecond()
                                + ".9&"
                                + filter("container", "web@node-1"),
                        agent)
                .body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web", "/web", "node-1/web", "/node-1/web", "web@node-1", "/web@node-1"})
    void aContainerIsFoundByEveryFormOfItsName(String name) throws Exception {
        String path = "/containers/" + name;
        assertThat(swarm.get(path + "/json").statusCode()).isEqualTo(200);
        assertThat(swarm.get(path.replace("@", "%40") + "/json").statusCode()).isEqualTo(200);
        assertThat(swarm.post(path + "/start", "").statusCode()).isEqualTo(204);
        for (String form : List.of(name, "^" + name + "$")) {
            assertThat(json(OLD_DOCKER, "/containers/json?all=1&" + filter("name", form)))
                    .as(form)
                    .hasSize(1);
        }
        assertThat(json(OLD_DOCKER, "/containers/json?all=1&" + filter("since", name))).isEmpty();
        String host =
                "\"Links\":[\""
                        + name
                        + ":x\"],\"VolumesFrom\":[\""
                        + name
                        + ":ro\"],"
                        + "\"NetworkMode\":\"container:"
                        + name
                        + "\"";
        HttpResponse<String> made =
                swarm.post(
                        "/containers/create?name=b",
                        "{\"Image\":\"x\",\"HostConfig\":{" + host + "}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode settings = settings("b").path("HostConfig");
        assertThat(settings.path("Links").toString()).isEqualTo("[\"web:x\"]");
        assertThat(settings.path("VolumesFrom").toString()).isEqualTo("[\"web:ro\"]");
        assertThat(settings.path("NetworkMode").asText()).isEqualTo("container:web");
    }

    private JsonNode settings(String name) {
        return one.containers().stream()
                .filter(container -> container.name().equals(name))
                .map(FakeContainer::settings)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAffinityNamesAContainerWithItsNode() throws Exception {
        for (String form : List.of("web", "node-1/web", "web@node-1")) {
            HttpResponse<String> made =
                    swarm.post(
                            "/containers/create",
                            "{\"Image\":\"x\",\"Env\":[\"affinity:container==" + form + "\"]}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }
        assertThat(one.containers()).hasSize(4);
    }

    @Test
    void linksAreListedFoundAndRemovedByName() throws Exception {
        create("b", "\"Links\":[\"web:alias\"]");
        assertThat(swarm.get("/containers/json?all=1", OLD_DOCKER).body())
                .contains("[\"/node-1/web\",\"/node-1/b/alias\"]");
        assertThat(swarm.get("/containers/json?all=1", NEW_DOCKER).body())
                .contains("[\"/web@node-1\",\"/b/alias@node-1\"]");
        String id = json(OLD_DOCKER, "/containers/web/json").path("Id").asText();
        for (String link :
                List.of(
                        "b/alias",
                        "/b/alias",
                        "node-1/b/alias",
                        "b/alias@node-1",
                        "b@node-1/alias")) {
            assertThat(json(OLD_DOCKER, "/containers/" + link + "/json").path("Id").asText())
                    .as(link)
                    .isEqualTo(id);
        }
        assertThat(swarm.delete("/containers//b/alias?link=1").statusCode()).isEqualTo(204);
        assertThat(swarm.get("/containers/b/alias/json").statusCode()).isEqualTo(404);
        assertThat(swarm.delete("/containers/b/alias?link=1").statusCode()).isEqualTo(404);
        assertThat(swarm.get("/containers/json?all=1", OLD_DOCKER).body()).doesNotContain("alias");
        assertThat(one.containers()).hasSize(2);
    }

    @Test
    void theLinksOfARemovedContainerAreRemovedToo() throws Exception {
        create("b", "\"Links\":[\"web:alias\"]");
        assertThat(swarm.get("/containers/json?all=1").body()).contains("b/alias");
        assertThat(swarm.delete("/containers/b@node-1").statusCode()).isEqualTo(204);
        Await.until("gone", () -> !swarm.get("/containers/json?all=1").body().contains("alias"));
        assertThat(swarm.get("/containers/b/alias/json").statusCode()).isEqualTo(404);
    }

    @Test
    void aPortThatIsBoundForBothFamiliesIsShownOnce() throws Exception {
        two.container("old", "nginx", 0, 0);
        Await.until("known", () -> swarm.get("/containers/old/json").statusCode() == 200);
        assertThat(json(OLD_DOCKER, "/containers/old/json").path("NetworkSettings").path("Ports"))
                .hasToString("{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8080\"}]}");
        assertThat(json(OLD_DOCKER, "/containers/json").get(0).path("Ports")).hasSize(1);
    }
}
