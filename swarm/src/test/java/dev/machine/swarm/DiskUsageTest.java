package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** E17: {@code docker system df} over engines of several versions. */
@Timeout(60)
class DiskUsageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DF = "/system/df";
    private static final String NETWORK = "f".repeat(64);

    /** Pings go on being answered; only a list has a short deadline. */
    private static final EngineTimings SHORT_LISTS =
            new EngineTimings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    @TempDir Path folder;

    private FakeEngine old;
    private FakeEngine current;
    private FakeEngine newest;
    private TestEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        TestPki pki = new TestPki(folder.resolve("certs"));
        Path members = Files.createDirectories(folder.resolve("members"));
        old = new FakeEngine(pki, "a-1", "1.12", "1.41");
        current = new FakeEngine(pki, "b-1", "1.44", "1.51");
        newest = new FakeEngine(pki, "c-1", "1.40", "1.57");
        for (FakeEngine engine : List.of(old, current, newest)) {
            engine.join(members);
        }
        String own =
                old.networks()
                        .create(
                                JSON.readTree(
                                        "{\"Name\":\"app\",\"Labels\":{\"com.docker.swarm.network\":\""
                                                + NETWORK
                                                + "\"}}"));
        old.answers(
                DF,
                200,
                """
                {"LayersSize":100,"BuilderSize":4,
                 "Images":[{"Id":"sha256:c","RepoTags":["app:1"],"RepoDigests":["app@sha256:d"],
                            "Created":5,"Size":90,"SharedSize":10,"VirtualSize":90,"Containers":1}],
                 "Containers":[{"Id":"1","Names":["/web","/db/web"],"SizeRw":7,
                                 "NetworkSettings":{"Networks":{"app":{"NetworkID":"OWN"}}}}],
                 "Volumes":[{"Name":"data","Driver":"local","Scope":"local",
                             "UsageData":{"Size":3,"RefCount":1}},
                            {"Name":"shared","Scope":"global"}],
                 "BuildCache":[{"ID":"x","Size":4}]}
                """
                        .replace("OWN", own));
        current.answers(
                DF,
                200,
                """
                {"LayersSize":50,
                 "Images":[{"Id":"sha256:d","RepoTags":["app:1"],"RepoDigests":["app@sha256:d"],
                            "Created":5,"Size":40,"SharedSize":-1,"Containers":2}],
                 "Containers":[{"Id":"2","Names":["/web"],"SizeRw":1}],
                 "Volumes":[{"Name":"data","Scope":"local"},{"Name":"own","Scope":"local"},
                            {"Name":"shared","Scope":"global"}],
                 "BuildCache":[]}
                """);
        newest.answers(
                DF, 200, "{\"LayersSize\":1,\"Images\":[],\"Containers\":[],\"Volumes\":[]}");
        endpoint =
                new TestEndpoint(
                        pki, TestEndpoint.options(pki, new MemberFolder(members)), SHORT_LISTS);
        endpoint.awaitHealthy(3);
    }

    @AfterEach
    void stop() {
        endpoint.close();
        List.of(old, current, newest).forEach(FakeEngine::close);
    }

    private JsonNode df(String path) throws Exception {
        HttpResponse<String> answer = endpoint.call("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> asked(FakeEngine engine) {
        return engine.calls().stream().filter(call -> call.contains(DF)).toList();
    }

    @Test
    void allNodesAreSummedInTheFormOfTheClient() throws Exception {
        JsonNode all = df("/v1.51" + DF);
        assertThat(all.path("LayersSize").asInt()).isEqualTo(151);
        assertThat(all.has("ImageUsage")).as("the form of 1.52").isFalse();
        assertThat(all.has("BuilderSize")).as("gone since 1.42").isFalse();
        assertThat(all.path("BuildCache").findValuesAsText("ID")).containsExactly("x");
        assertThat(asked(old)).containsExactly("GET /v1.41/system/df");
        assertThat(asked(current)).containsExactly("GET /v1.51/system/df");
        assertThat(asked(newest)).containsExactly("GET /v1.51/system/df");
    }

    @Test
    void anImageIsListedOnceButTakesItsSizeOnEveryNode() throws Exception {
        JsonNode images = df("/v1.51" + DF).path("Images");
        assertThat(images).hasSize(1);
        assertThat(images.get(0).path("Size").asInt()).isEqualTo(130);
        assertThat(images.get(0).path("SharedSize").asInt()).isEqualTo(10);
        assertThat(images.get(0).path("Containers").asInt()).isEqualTo(3);
    }

    @Test
    void containersAndVolumesBearTheirNode() throws Exception {
        JsonNode all = df("/v1.51" + DF);
        assertThat(all.path("Containers"))
                .extracting(container -> container.path("Names").toString())
                .containsExactly("[\"/a-1/web\",\"/a-1/db/web\"]", "[\"/b-1/web\"]");
        assertThat(all.path("Volumes").findValuesAsText("Name"))
                .containsExactly("a-1/data", "b-1/data", "own", "shared");
        assertThat(all.path("Containers").get(0).findValuesAsText("NetworkID"))
                .containsExactly(NETWORK);
        HttpResponse<String> cli29 =
                endpoint.call(
                        endpoint.request(DF)
                                .header("User-Agent", "Docker-Client/29.8.0 (linux)")
                                .GET());
        assertThat(JSON.readTree(cli29.body()).path("Containers").get(1).path("Names").toString())
                .isEqualTo("[\"/web@b-1\"]");
    }

    @Test
    void typesGoToEnginesThatKnowThemAndAreFilteredForTheOthers() throws Exception {
        JsonNode chosen = df("/v1.51" + DF + "?type=container&type=build-cache&type=container");
        assertThat(chosen.properties())
                .extracting(field -> field.getKey())
                .containsExactlyInAnyOrder("Containers", "BuildCache");
        assertThat(asked(old)).containsExactly("GET /v1.41/system/df");
        assertThat(asked(current))
                .containsExactly("GET /v1.51/system/df?type=container&type=build-cache");
        HttpResponse<String> unknown = endpoint.call("GET", "/v1.51" + DF + "?type=banana");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("unknown object type: banana");
    }

    @Test
    void anOldClientGetsEverythingInTheFormThatItKnows() throws Exception {
        JsonNode all = df("/v1.41" + DF + "?type=container");
        assertThat(all.path("Images").get(0).path("VirtualSize").asInt()).isEqualTo(130);
        assertThat(all.path("BuilderSize").asInt()).isEqualTo(4);
        assertThat(asked(current)).containsExactly("GET /v1.44/system/df");
    }

    @Test
    void aNodeThatDoesNotAnswerInTimeOrFailsIsLeftOut() throws Exception {
        current.handles(
                DF,
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    for (int i = 0; i < 200; i++) {
                        out.write(' ');
                        out.flush();
                        sleep();
                    }
                });
        newest.answers(DF, 500, "{\"message\":\"a disk usage operation is already running\"}");
        long begin = System.nanoTime();
        assertThat(df("/v1.51" + DF).path("LayersSize").asInt()).isEqualTo(100);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(endpoint.info()).doesNotContain("Unhealthy");
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void ifNoNodeAnswersTheReasonIsTheAnswer() throws Exception {
        for (FakeEngine engine : List.of(old, current, newest)) {
            engine.answers(DF, 500, "{\"message\":\"disk broken\"}");
        }
        HttpResponse<String> answer = endpoint.call("GET", DF);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("disk broken");
    }
}
