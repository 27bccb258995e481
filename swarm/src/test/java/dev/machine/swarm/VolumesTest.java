package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A container that names a volume goes to the node that has it. */
@Timeout(60)
class VolumesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine one;
    private FakeEngine two;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        one = swarm.engine("node-1", "1.24", "1.41");
        two = swarm.engine("node-2", "1.44", "1.60");
        two.volumes().create("old");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String name, String host) throws Exception {
        return swarm.post(
                "/v1.43/containers/create?name=" + name,
                "{\"Image\":\"x\",\"HostConfig\":{" + host + "}}");
    }

    private void made(String name, String host) throws Exception {
        HttpResponse<String> answer = create(name, host);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(JSON.readTree(answer.body()).path("Warnings")).hasSize(1);
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("message").asText();
    }

    private static JsonNode host(FakeEngine engine, String name) {
        return engine.containers().stream()
                .filter(container -> container.name().equals(name))
                .map(FakeContainer::settings)
                .map(settings -> settings.path("HostConfig"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not on " + engine.name()));
    }

    /** Creates so many containers that strategy spread would put the next one elsewhere. */
    private void fill(String node) throws Exception {
        for (int i = 0; i < 3; i++) {
            swarm.post(
                    "/containers/create?name=full-" + node + i,
                    "{\"Image\":\"x\",\"Env\":[\"constraint:node==" + node + "\"]}");
        }
    }

    @Test
    void aVolumeOlderThanTheEndpointBindsInEveryFormThatNamesIt() throws Exception {
        fill("node-2");
        made("a", "\"Binds\":[\"old:/data\"]");
        made("b", "\"Binds\":[\"old:/data:ro,nocopy\",\"/etc:/x:ro\"]");
        made("c", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"old\",\"Target\":\"/d\"}]");
        made("d", "\"Binds\":[\"node-2/old:/data\"]");
        made("e", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"node-2/old\",\"Target\":\"/d\"}]");
        assertThat(host(two, "b").path("Binds").toString())
                .isEqualTo("[\"old:/data:ro,nocopy\",\"/etc:/x:ro\"]");
        assertThat(host(two, "c").path("Mounts").toString()).contains("\"Source\":\"old\"");
        assertThat(host(two, "d").path("Binds").toString()).isEqualTo("[\"old:/data\"]");
        assertThat(host(two, "e").path("Mounts").toString()).contains("\"Source\":\"old\"");
        assertThat(one.volumes().names()).isEmpty();
    }

    @Test
    void aVolumeOfTheFirstContainerBindsTheNext() throws Exception {
        for (int i = 0; i < 6; i++) {
            made("c" + i, "\"Binds\":[\"mydata:/data\"]");
        }
        assertThat(one.containers().isEmpty()).isNotEqualTo(two.containers().isEmpty());
    }

    @Test
    void pathsAndUnnamedVolumesDoNotBind() throws Exception {
        for (int i = 0; i < 4; i++) {
            made("c" + i, "\"Binds\":[\"/srv:/data\",\"/unnamed\"]");
        }
        assertThat(one.containers()).hasSize(2);
    }

    @Test
    void theUnnamedVolumeOfAnOldContainerGoesWithItsSuccessor() throws Exception {
        String settings = "{\"Image\":\"x\",\"Volumes\":{\"/data\":{}}}";
        swarm.post("/containers/create?name=db", settings);
        JsonNode mounts = JSON.readTree(swarm.get("/containers/db/json").body()).path("Mounts");
        String unnamed = mounts.get(0).path("Name").asText();
        assertThat(unnamed).matches("[0-9a-f]{64}");
        FakeEngine home = one.containers().isEmpty() ? two : one;
        fill(home.name());
        made("next", "\"Binds\":[\"" + unnamed + ":/data:rw\"]");
        made(
                "after",
                "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\""
                        + unnamed
                        + "\",\"Target\":\"/data\"}]");
        assertThat(host(home, "next").isObject()).isTrue();
        assertThat(host(home, "after").isObject()).isTrue();
        assertThat(
                        swarm.get(
                                        "/containers/json?all=1&filters=%7B%22volume%22%3A%5B%22"
                                                + unnamed
                                                + "%22%5D%7D")
                                .body())
                .contains("/db\"", "/next\"", "/after\"");
    }

    @Test
    void aVolumeOnALostNodeIsNotCreatedElsewhere() throws Exception {
        two.die();
        Await.until("node-2 lost", () -> swarm.info().contains("Unhealthy"));
        HttpResponse<String> refused = create("a", "\"Binds\":[\"old:/data\"]");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(message(refused)).startsWith("volume old is on node-2, and node-2 does not");
        two.start();
        Await.until("node-2 back", () -> !swarm.info().contains("Unhealthy"));
        made("a", "\"Binds\":[\"old:/data\"]");
        assertThat(one.volumes().names()).isEmpty();
    }

    @Test
    void aVolumeThatANodeNeverReachedMayHaveIsWarnedOf() throws Exception {
        two.die();
        swarm.restart("spread", 1);
        HttpResponse<String> answer = create("a", "\"Binds\":[\"old:/data\"]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(JSON.readTree(answer.body()).path("Warnings"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "as told",
                        "no node that has answered since the endpoint started has data in a volume"
                                + " old, so it is empty; the volumes of node-2 are not known yet");
    }

    /** Compose makes the volume before the container, which carries the warning. */
    @Test
    void aVolumeThatWasMadeEmptyWhileANodeIsAwayIsWarnedOf() throws Exception {
        two.die();
        swarm.restart("spread", 1);
        swarm.post("/volumes/create", "{\"Name\":\"old\"}");
        String warning = "has data in a volume old, so it is empty; the volumes of node-2";
        assertThat(create("a", "\"Binds\":[\"old:/data\"]").body()).contains(warning);
        assertThat(create("b", "\"Binds\":[\"old:/data\"]").body()).doesNotContain("node-2");
        swarm.delete("/containers/a");
        swarm.delete("/containers/b");
        one.volumes().holds("old", 1);
        assertThat(create("c", "\"Binds\":[\"old:/data\"]").body()).doesNotContain("node-2");
    }

    @Test
    void containersThatNameANewVolumeAtOnceShareANode() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 10; round++) {
                String volume = "v" + round;
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    String name = volume + "-" + i;
                    answers.add(
                            clients.submit(
                                    () -> create(name, "\"Binds\":[\"" + volume + ":/d\"]")));
                }
                for (Future<HttpResponse<String>> answer : answers) {
                    assertThat(answer.get().statusCode()).isEqualTo(201);
                }
                assertThat(one.volumes().names().contains(volume))
                        .isNotEqualTo(two.volumes().names().contains(volume));
            }
        }
    }

    @Test
    void aRemovedVolumeIsForgottenAndOneWithoutAnEventIsFound() throws Exception {
        two.volumes().remove("old");
        one.volumes().silent();
        one.volumes().create("quiet");
        Await.until(
                "old may be anywhere",
                () ->
                        create("x", "\"Binds\":[\"old:/d\"],\"NanoCpus\":1").statusCode() == 201
                                && swarm.delete("/containers/x").statusCode() == 204);
        fill("node-1");
        made("a", "\"Binds\":[\"quiet:/d\"]");
        assertThat(host(one, "a").isObject()).isTrue();
    }

    @Test
    void aVolumeThatAllNodesShareDoesNotBind() throws Exception {
        one.volumes().create("nfs", "global");
        two.volumes().create("nfs", "global");
        fill("node-1");
        for (int i = 0; i < 3; i++) {
            made("a" + i, "\"Binds\":[\"nfs:/d\"]");
        }
        assertThat(host(two, "a0").isObject()).isTrue();
        fill("node-2");
        made("b", "\"Binds\":[\"nfs:/d\"]");
    }

    @Test
    void aFailingVolumeDriverIsWarnedOfButExcludesNoNode() throws Exception {
        FakeEngine third = swarm.engine("node-3", "1.24", "1.41");
        third.volumes().answers(500);
        Await.until("three nodes", () -> swarm.info().split("Status: Healthy", -1).length == 4);
        HttpResponse<String> answer = create("a", "\"Binds\":[\"new:/d\"]");
        assertThat(JSON.readTree(answer.body()).path("Warnings").toString())
                .contains("the volumes of node-3 are not known yet");
        made("b", "\"Binds\":[\"old:/d\"]");
    }
}
