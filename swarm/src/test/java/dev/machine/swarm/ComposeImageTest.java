package dev.machine.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
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
 * What decides whether Compose makes a container anew: the Id that an inspection of its image
 * answers, beside the one that it was told when it made it.
 */
@Timeout(90)
class ComposeImageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LABEL = "com.docker.compose.image";
    private static final String ARM = "sha256:" + "a".repeat(64);
    private static final String AMD = "sha256:" + "d".repeat(64);
    private static final String INDEX = "sha256:" + "1".repeat(64);
    private static final String NEW = "sha256:" + "e".repeat(64);

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine board;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        board = board("board-1");
        board("board-2");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private FakeEngine board(String name) {
        FakeEngine engine =
                swarm.engine(name, "1.24", "1.41").platform("arm", "armv7l", "arm").detailed();
        engine.image(ARM, "app:1", 100, INDEX);
        return engine;
    }

    private FakeEngine server(String name, String id) throws Exception {
        FakeEngine engine =
                swarm.engine(name, "1.24", "1.51").platform("amd64", "x86_64", "").detailed();
        engine.image(id, "app:1", 200, INDEX);
        Await.until(name + " is known", () -> known(name) && holders(id) > 0);
        return engine;
    }

    private boolean known(String node) throws Exception {
        return swarm.info()
                .matches("(?s).* " + node + ": [^└]*(└ (?!Status)[^└]*)*└ Status: Healthy.*");
    }

    private int holders(String id) throws Exception {
        return swarm.get("/images/json").body().split(id, -1).length - 1;
    }

    private void cut(FakeEngine engine) {
        engine.die();
        Await.until("it is lost", () -> swarm.info().contains("Unhealthy"));
    }

    private JsonNode inspect(String query) throws Exception {
        HttpResponse<String> answer = swarm.get("/v1.51/images/app:1/json" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** As Compose does: a container of another image than the present one is made anew. */
    private int up() throws Exception {
        String id = inspect("").path("Id").asText();
        int made = 0;
        JsonNode all = JSON.readTree(swarm.get("/containers/json?all=1").body());
        for (String service : List.of("web", "db", "queue")) {
            boolean there = false;
            for (JsonNode one : all) {
                there |=
                        one.path("Names").toString().contains("/" + service + "\"")
                                && one.path("Labels").path(LABEL).asText().equals(id);
            }
            if (!there) {
                made++;
                swarm.delete("/containers/" + service + "?force=1");
                String settings =
                        "{\"Image\":\"app:1\",\"Labels\":{\""
                                + LABEL
                                + "\":\""
                                + id
                                + "\"},"
                                + "\"Env\":[\"constraint:node==board-*\"]}";
                assertThat(swarm.post("/containers/create?name=" + service, settings).statusCode())
                        .isEqualTo(201);
            }
        }
        return made;
    }

    @Test
    void nothingIsMadeAnewWhoeverComesOrGoes() throws Exception {
        assertThat(up()).isEqualTo(3);
        assertThat(up()).isZero();
        FakeEngine server = server("amd-1", AMD);
        assertThat(up()).as("an amd64 node more").isZero();
        cut(server);
        assertThat(up()).as("the amd64 node cut").isZero();
        swarm.restart("spread", 2);
        assertThat(up()).as("the endpoint restarted").isZero();
        server("amd-2", INDEX);
        assertThat(up()).as("a node with the containerd store").isZero();
        assertThat(inspect("").path("Id").asText()).isEqualTo(ARM);
    }

    @Test
    void theVariantThatWasToldStaysWhenItsNodesAreAwayAndTheEndpointIsNew() throws Exception {
        FakeEngine server = server("amd-1", AMD);
        assertThat(up()).isEqualTo(3);
        assertThat(inspect("").path("Id").asText()).isEqualTo(AMD);
        cut(server);
        assertThat(up()).as("the amd64 node cut").isZero();
        swarm.restart("spread", 2);
        assertThat(up()).as("the endpoint restarted").isZero();
        server.start();
        Await.until("it is back", () -> known("amd-1"));
        assertThat(up()).as("the amd64 node is back").isZero();
    }

    @Test
    void whatATagMeansAnewIsMadeAnew() throws Exception {
        assertThat(up()).isEqualTo(3);
        for (FakeEngine engine : swarm.engines()) {
            engine.image(NEW, "app:1", 300, "sha256:" + "2".repeat(64));
        }
        Await.until("known", () -> holders(NEW) == 1 && holders(ARM) == 0);
        assertThat(up()).isEqualTo(3);
        assertThat(up()).isZero();
    }

    @Test
    void withoutContainersAmd64AnswersThenConfigurationBeforeIndexAlsoWhenAway() throws Exception {
        assertThat(inspect("").path("Id").asText()).isEqualTo(ARM);
        FakeEngine first = server("amd-1", INDEX);
        assertThat(inspect("").path("Id").asText()).isEqualTo(INDEX);
        FakeEngine second = server("amd-2", AMD);
        assertThat(inspect("").path("Id").asText()).isEqualTo(AMD);
        cut(second);
        assertThat(inspect("").path("Id").asText()).isEqualTo(AMD);
        assertThat(inspect("").path("Architecture").asText()).isEqualTo("amd64");
        cut(first);
        assertThat(inspect("").path("Id").asText()).isEqualTo(AMD);
    }

    @Test
    void anIdOrAPlatformIsExactlyThat() throws Exception {
        FakeEngine server = server("amd-1", AMD);
        up();
        String arm =
                URLEncoder.encode(
                        "{\"os\":\"linux\",\"architecture\":\"arm\"}", StandardCharsets.UTF_8);
        String none =
                URLEncoder.encode(
                        "{\"os\":\"linux\",\"architecture\":\"s390x\"}", StandardCharsets.UTF_8);
        String amd =
                URLEncoder.encode(
                        "{\"os\":\"linux\",\"architecture\":\"amd64\"}", StandardCharsets.UTF_8);
        assertThat(inspect("?platform=" + amd).path("Id").asText()).isEqualTo(AMD);
        assertThat(inspect("?platform=" + arm).path("Id").asText()).isEqualTo(ARM);
        HttpResponse<String> missing = swarm.get("/v1.51/images/app:1/json?platform=" + none);
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body())
                .contains("does not provide the specified platform (linux/s390x)");
        assertThat(swarm.get("/images/app:1/json?manifests=1&platform=" + arm).statusCode())
                .isEqualTo(400);
        assertThat(imageById(AMD)).isEqualTo(AMD);
        cut(server);
        assertThat(imageById(AMD)).as("as it was answered last").isEqualTo(AMD);
        assertThat(imageById(ARM)).isEqualTo(ARM);
    }

    private String imageById(String id) throws Exception {
        return JSON.readTree(swarm.get("/images/" + id + "/json").body()).path("Id").asText();
    }

    @Test
    void ofSeveralThatWereToldTheOneThatWasTaggedLastAnswers() throws Exception {
        server("amd-1", AMD);
        for (String id : List.of(ARM, AMD)) {
            swarm.post(
                    "/containers/create",
                    "{\"Image\":\"app:1\",\"Labels\":{\"" + LABEL + "\":\"" + id + "\"}}");
        }
        assertThat(inspect("").path("Id").asText()).isEqualTo(AMD);
        board.image(ARM, "app:1", 900, INDEX);
        Await.until("tagged anew", () -> inspect("").path("Id").asText().equals(ARM));
    }

    @Test
    void manifestsAreShownOnlyIfEveryHolderHasThem() throws Exception {
        server("amd-1", INDEX);
        assertThat(inspect("?manifests=1").has("Manifests")).isFalse();
        for (FakeEngine engine : swarm.engines()) {
            engine.image(INDEX, "app:1", 300, INDEX);
        }
        Await.until("all of one kind", () -> inspect("?manifests=1").has("Manifests"));
    }

    private static String platform(String architecture) {
        return "?platform="
                + URLEncoder.encode(
                        "{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}",
                        StandardCharsets.UTF_8);
    }

    /** E25: Compose 5 sends a platform because 1.51 is shown, whatever engine is behind. */
    @Test
    void aPlatformIsSentOnlyToEnginesThatKnowItAndTheAnswerIsRight() throws Exception {
        FakeEngine server = server("amd-1", AMD);
        assertThat(inspect(platform("arm")).path("Id").asText()).isEqualTo(ARM);
        assertThat(inspect(platform("amd64")).path("Id").asText()).isEqualTo(AMD);
        assertThat(board.calls()).noneMatch(call -> call.contains("platform="));
        assertThat(server.calls()).anyMatch(call -> call.contains("platform="));
    }

    /** E25: with the containerd store, all variants have one Id, that of the index. */
    @Test
    void anOldEngineWithTheContainerdStoreAnswersOnlyForThePlatformThatItShows() throws Exception {
        FakeEngine first =
                swarm.engine("c-1", "1.40", "1.48").platform("arm64", "aarch64", "").detailed();
        FakeEngine second =
                swarm.engine("c-2", "1.40", "1.48").platform("amd64", "x86_64", "").detailed();
        first.image(INDEX, "app:1", 300, INDEX);
        second.image(INDEX, "app:1", 300, INDEX);
        Await.until("they are known", () -> known("c-1") && known("c-2"));
        for (String architecture : List.of("arm64", "amd64")) {
            JsonNode image = inspect(platform(architecture));
            assertThat(image.path("Architecture").asText()).isEqualTo(architecture);
            assertThat(image.path("Id").asText()).isEqualTo(INDEX);
        }
        assertThat(swarm.get("/v1.51/images/app:1/json" + platform("s390x")).statusCode())
                .isEqualTo(404);
        assertThat(first.calls()).noneMatch(call -> call.contains("platform="));
    }

    /** E7: the sentence of moby, image_routes.go. */
    @Test
    void manifestsAndAPlatformAreAConflict() throws Exception {
        HttpResponse<String> answer =
                swarm.get("/v1.51/images/app:1/json" + platform("arm") + "&manifests=1");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("message").asText())
                .isEqualTo(
                        "conflicting options: manifests and platform options cannot both be set");
    }

    /** It reads there which volumes the image has, and fails without it. */
    @Test
    void dockerCompose1FindsTheContainerConfigThatNewEnginesLeaveOut() throws Exception {
        for (FakeEngine engine : swarm.engines()) {
            engine.says(
                    "/images/app:1/json",
                    out -> out.write("{\"Config\":{\"Volumes\":{\"/data\":{}}}}".getBytes(UTF_8)));
        }
        String old = "docker-compose/1.29.2 docker-py/5.0.3 Linux/6.1";

        JsonNode shown = JSON.readTree(swarm.get("/v1.51/images/app:1/json", old).body());
        assertThat(shown.path("ContainerConfig").path("Volumes").has("/data")).isTrue();
        swarm.engines().forEach(FakeEngine::die);
        Await.until("both are lost", () -> swarm.info().split("Status: Unhealthy", -1).length == 3);
        shown = JSON.readTree(swarm.get("/v1.51/images/app:1/json", old).body());
        assertThat(shown.path("ContainerConfig").path("Volumes").has("/data")).isTrue();
        assertThat(inspect("").has("ContainerConfig")).isFalse();
    }

    /** E6: an engine below 1.50 does not know the parameter and would remove the whole image. */
    @Test
    void aPlatformIsRemovedOnlyWhereTheImageIsOfIt() throws Exception {
        FakeEngine server = server("amd-1", AMD);
        FakeEngine index =
                swarm.engine("c-1", "1.40", "1.48").platform("amd64", "x86_64", "").detailed();
        index.image(INDEX, "app:1", 200, INDEX);
        Await.until("it is known", () -> known("c-1"));
        server.answers("/images/app:1", 404, "{\"message\":\"no such platform\"}");
        board.answers("/images/app:1", 200, "[{\"Untagged\":\"app:1\"}]");
        swarm.engines().get(1).answers("/images/app:1", 200, "[{\"Deleted\":\"x\"}]");
        String remove = "/v1.51/images/app:1" + platform("arm").replace("platform", "platforms");
        HttpResponse<String> answer = swarm.delete(remove);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("[{\"Untagged\":\"app:1\"},{\"Deleted\":\"x\"}]");
        assertThat(server.calls()).anyMatch(call -> call.startsWith("DELETE"));
        assertThat(index.calls()).noneMatch(call -> call.startsWith("DELETE"));
        cut(server);
        String none = "/v1.51/images/app:1" + platform("s390x").replace("platform", "platforms");
        assertThat(swarm.delete(none).statusCode()).isEqualTo(404);
    }
}
