package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.FakeRegistry;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * E5: one image has two Ids on a rack where one engine has the containerd store. That Compose gets
 * the same Id whichever nodes are up is in {@link ComposeImageTest}. D2: the CLI 29 lists images
 * with their manifests.
 */
@Timeout(60)
class SameImageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String C16 = "cccccccccccccccc";
    private static final String ONE16 = "1111111111111111";
    private static final String CONFIG = "sha256:" + C16 + C16 + C16 + C16;
    private static final String INDEX = "sha256:" + ONE16 + ONE16 + ONE16 + ONE16;
    private static final String OTHER = "sha256:" + "2".repeat(64);

    @TempDir Path folder;

    private final FakeRegistry hub = new FakeRegistry();
    private Swarm swarm;
    private FakeEngine old;
    private FakeEngine containerd;
    private FakeEngine newest;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        old = swarm.engine("a-1", "1.12", "1.41").from(hub);
        containerd = swarm.engine("b-1", "1.44", "1.51").from(hub);
        newest = swarm.engine("c-1", "1.40", "1.57").from(hub);
        for (FakeEngine engine : swarm.engines()) {
            engine.platform("amd64", "x86_64", "").detailed();
        }
        old.image(CONFIG, "app:1", 10, INDEX);
        newest.image(CONFIG, "app:1", 10, INDEX);
        containerd.image(INDEX, "app:1", 10, INDEX);
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = swarm.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @Test
    void anImageIsListedOnceWithTheIdThatAnInspectionShows() throws Exception {
        JsonNode images = json("/v1.51/images/json");
        assertThat(images).hasSize(1);
        assertThat(images.get(0).path("RepoTags").toString()).isEqualTo("[\"app:1\"]");
        assertThat(images.get(0).path("RepoDigests")).hasSize(1);
        assertThat(images.get(0).path("Id").asText())
                .isEqualTo(json("/images/app:1/json").path("Id").asText())
                .isEqualTo(CONFIG);
        String reference = URLEncoder.encode("{\"reference\":[\"app:1\"]}", StandardCharsets.UTF_8);
        assertThat(json("/v1.51/images/json?filters=" + reference)).hasSize(1);
    }

    @Test
    void imagesThatOnlyShareATagStayTwo() throws Exception {
        containerd.image(OTHER, "app:1", 20, OTHER);
        Await.until("the new one is listed", () -> json("/images/json").size() == 2);
        assertThat(json("/images/json").findValuesAsText("Id")).containsExactly(OTHER, CONFIG);
    }

    @Test
    void anImageThatWasLoadedIsJoinedByItsTag() throws Exception {
        old.image("sha256:" + "4".repeat(64), "loaded:1", 30);
        containerd.image(OTHER, "loaded:1", 30, OTHER);
        newest.image("sha256:" + "3".repeat(64), "own:1", 40);
        Await.until("all are listed", () -> json("/images/json").toString().contains("own:1"));
        // The other nodes may be listed later.
        Await.until(
                "it is one image",
                () -> json("/images/json").toString().split("loaded:1\"", -1).length == 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIG, INDEX, "cccccccccccc", "111111111111"})
    void eitherIdIsInspectedOnWhateverNodeIsUp(String id) throws Exception {
        old.die();
        newest.die();
        Await.until("two are lost", () -> swarm.info().split("Unhealthy", -1).length == 3);
        assertThat(json("/images/" + id + "/json").path("RepoTags").toString())
                .isEqualTo("[\"app:1\"]");
        old.start();
        containerd.die();
        Await.until("it is back", () -> swarm.info().split("Unhealthy", -1).length == 3);
        assertThat(json("/images/" + id + "/json").path("RepoTags").toString())
                .isEqualTo("[\"app:1\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIG, INDEX})
    void eitherIdIsRemovedWhereverTheImageIs(String id) throws Exception {
        HttpResponse<String> answer = swarm.delete("/images/" + id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(old.calls()).contains("DELETE /v1.41/images/" + CONFIG);
        assertThat(newest.calls()).contains("DELETE /v1.51/images/" + CONFIG);
        assertThat(containerd.calls()).contains("DELETE /v1.51/images/" + INDEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIG, INDEX, "cccccccccccc"})
    void containersOfEitherIdAreListedAndCreated(String id) throws Exception {
        for (FakeEngine engine : swarm.engines()) {
            String node = "constraint:node==" + engine.name();
            HttpResponse<String> made =
                    swarm.post(
                            "/v1.41/containers/create?name=web-" + engine.name(),
                            "{\"Image\":\"" + id + "\",\"Env\":[\"" + node + "\"]}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }
        String own = id.equals(INDEX) ? CONFIG : id;
        assertThat(image(old)).isEqualTo(own);
        assertThat(image(containerd)).isEqualTo(INDEX);
        String byName = "{\"Image\":\"app:1\",\"Env\":[\"constraint:node==b-1\"]}";
        swarm.post("/v1.41/containers/create?name=named", byName);
        String filter = "{\"ancestor\":[\"" + id + "\"]}";
        String path =
                "/containers/json?all=1&filters="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8);
        Await.until("all are listed", () -> json(path).size() == 4);
    }

    private static String image(FakeEngine engine) {
        return engine.containers().iterator().next().settings().path("Image").asText();
    }

    @Test
    void manifestsOfAllNodesAreMergedForTheCli29() throws Exception {
        newest.image(INDEX, "app:1", 10, INDEX);
        Await.until("listed", () -> newest.imageNames().size() == 1);
        containerd.answers("/images/json", 200, list(2, 100, manifest(true, "\"x\"", 5)));
        newest.answers(
                "/images/json",
                200,
                list(
                        1,
                        300,
                        manifest(false, "\"x\",\"y\"", 9)
                                + ",{\"ID\":\"att\",\"Kind\":\"attestation\",\"Available\":true}"));
        JsonNode images = json("/v1.51/images/json?manifests=1");
        assertThat(images).hasSize(1);
        JsonNode image = images.get(0);
        assertThat(image.path("Containers").asInt()).isEqualTo(3);
        assertThat(image.path("Size").asInt()).isEqualTo(300);
        assertThat(image.path("Manifests").findValuesAsText("ID")).containsExactly("amd", "att");
        JsonNode manifest = image.path("Manifests").get(0);
        assertThat(manifest.path("Available").asBoolean()).isTrue();
        assertThat(manifest.path("ImageData").path("Containers").toString())
                .isEqualTo("[\"x\",\"y\"]");
        assertThat(manifest.path("Size").path("Total").asInt()).isEqualTo(9);
        assertThat(manifest.path("ImageData").path("Size").path("Unpacked").asInt()).isEqualTo(9);
    }

    private static String list(int containers, int size, String manifests) {
        return "[{\"Id\":\"%s\",\"RepoTags\":[\"app:1\"],\"RepoDigests\":[\"app@%s\"],\"Created\":10,\"Size\":%d,\"Containers\":%d,\"Manifests\":[%s]}]"
                .formatted(INDEX, INDEX, size, containers, manifests);
    }

    private static String manifest(boolean available, String containers, int size) {
        return "{\"ID\":\"amd\",\"Kind\":\"image\",\"Available\":%s,\"Size\":{\"Content\":%d,\"Total\":%d},\"ImageData\":{\"Containers\":[%s],\"Size\":{\"Unpacked\":%d}}}"
                .formatted(available, size, size, containers, size);
    }

    /** An engine below 1.47 does not know the parameter, and one below 1.51 counts nothing. */
    @Test
    void anOldEngineIsNotAskedForManifestsAndItsContainersAreCounted() throws Exception {
        swarm.post(
                "/v1.41/containers/create",
                "{\"Image\":\"app:1\",\"Env\":[\"constraint:node==a-1\"]}");
        Await.until(
                "its image is known",
                () -> json("/containers/json?all=1").toString().contains(CONFIG));
        JsonNode images = json("/v1.51/images/json?manifests=1");
        assertThat(images.get(0).path("Containers").asInt()).isEqualTo(1);
        assertThat(old.calls()).contains("GET /v1.41/images/json").noneMatch(this::manifests);
        assertThat(containerd.calls()).anyMatch(this::manifests);
        assertThat(List.of(images.findValuesAsText("Id"))).hasSize(1);
    }

    private boolean manifests(String call) {
        return call.contains("manifests");
    }

    /** E8: the platform of an attestation says nothing of what an image can run on. */
    @Test
    void anAttestationIsNoPlatformOfAnImage() throws Exception {
        for (FakeEngine engine : swarm.engines()) {
            for (String id : List.of(CONFIG, INDEX)) {
                engine.answers(
                        "/images/" + id + "/json",
                        200,
                        "{\"Id\":\"" + id + "\",\"Os\":\"unknown\",\"Architecture\":\"unknown\"}");
            }
        }
        assertThat(swarm.post("/containers/create", "{\"Image\":\"app:1\"}").statusCode())
                .isEqualTo(201);
    }
}
