package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.FakeRegistry;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images through the endpoint, over an amd64 node and an ARM board. */
@Timeout(60)
class SwarmImagesTest {
    private static final String AIYARA =
            """
            rules:
              - match: '^([\\w.-]+):([\\w.-]+)$'
                except: [amd64]
                default: 'aiyara/$1:$2.$arch'
            """;

    @TempDir Path folder;

    private final FakeRegistry hub =
            new FakeRegistry()
                    .has("debian:latest", "linux/amd64")
                    .has("aiyara/debian:latest.arm", "linux/arm")
                    .has("multi:latest", "linux/amd64", "linux/arm/v6", "linux/arm/v7")
                    .has("v7:latest", "linux/arm/v7");
    private FakeEngine ocean;
    private FakeEngine rack;
    private TestEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        TestPki pki = new TestPki(folder.resolve("certs"));
        Path members = Files.createDirectories(folder.resolve("members"));
        ocean = new FakeEngine(pki, "ocean-1").from(hub).platform("amd64", "x86_64", "");
        rack = new FakeEngine(pki, "rack-1-node-4").from(hub).platform("arm", "armv6l", "arm");
        ocean.join(members);
        rack.join(members);
        EndpointOptions.Images images =
                new EndpointOptions.Images(folder.resolve("images.yaml"), null, true);
        endpoint =
                new TestEndpoint(
                        pki,
                        TestEndpoint.placing(pki, new MemberFolder(members), "spread", images),
                        EngineTimings.DEFAULT);
        endpoint.awaitHealthy(2);
    }

    @AfterEach
    void stop() {
        hub.goOn();
        endpoint.close();
        ocean.close();
        rack.close();
    }

    private HttpResponse<String> call(String method, String path) {
        return call(method, path, "");
    }

    private HttpResponse<String> call(String method, String path, String auth) {
        return later(method, path, auth).join();
    }

    private CompletableFuture<HttpResponse<String>> later(String method, String path, String auth) {
        HttpRequest.Builder request =
                endpoint.request("/v1.41" + path)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!auth.isEmpty()) {
            request.header("X-Registry-Auth", auth);
        }
        return endpoint.later(request);
    }

    private String pull(String query) {
        return call("POST", "/images/create?" + query).body();
    }

    @Test
    void everyNodePullsItsOwnImageUnderTheNameTheUserKnows() throws Exception {
        Files.writeString(folder.resolve("images.yaml"), AIYARA);
        assertThat(pull("fromImage=docker.io%2Flibrary%2Fdebian&tag=latest").lines())
                .containsExactlyInAnyOrder(
                        "{\"id\":\"ocean-1\",\"status\":\"Pulling debian:latest...\"}",
                        "{\"id\":\"rack-1-node-4\",\"status\":\"Pulling debian:latest...\"}",
                        "{\"id\":\"ocean-1\",\"status\":\"Pulling debian:latest... : downloaded\"}",
                        "{\"id\":\"rack-1-node-4\",\"status\":\"Pulling debian:latest... : downloaded\"}");
        assertThat(ocean.imageNames()).containsExactly("debian:latest");
        assertThat(rack.imageNames()).containsExactly("aiyara/debian:latest.arm");
    }

    @Test
    void aListByReferenceShowsOnlyTheNamesAskedFor() {
        pull("fromImage=debian&tag=latest");
        call("POST", "/images/debian/tag?repo=x/img&tag=one");
        String asked = "%7B%22reference%22%3A%5B%22x%2Fimg%22%5D%7D";
        assertThat(call("GET", "/images/json?filters=" + asked).body())
                .contains("\"x/img:one\"")
                .doesNotContain("debian");
        assertThat(call("GET", "/images/json").body())
                .contains("\"x/img:one\"", "\"debian:latest\"");
    }

    @Test
    void aNodeWithoutAnImageIsSkippedAndSaysWhy() {
        assertThat(pull("fromImage=debian&tag=latest"))
                .contains(
                        "\"status\":\"Pulling debian:latest... : skipped, debian:latest: no image for"
                                + " linux/arm/v6 (rack-1-node-4); have linux/amd64\"",
                        "\"id\":\"ocean-1\",\"status\":\"Pulling debian:latest... : downloaded\"")
                .doesNotContain("error");
        hub.has("s390x:latest", "linux/s390x");
        HttpResponse<String> none = call("POST", "/images/create?fromImage=s390x");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body())
                .contains("\"message\":\"s390x: no node can pull it\\n", "have linux/s390x");
        assertThat(hub.pulls()).containsExactly("ocean-1 debian:latest");
    }

    @Test
    void aListGoesEverywhereAndIsAskedForOnce() {
        pull("fromImage=multi&tag=latest");
        pull("tag=latest&fromImage=multi");
        assertThat(hub.pulls())
                .containsExactlyInAnyOrder(
                        "ocean-1 multi:latest",
                        "rack-1-node-4 multi:latest",
                        "ocean-1 multi:latest",
                        "rack-1-node-4 multi:latest");
        assertThat(hub.questions()).containsExactly("multi:latest");
    }

    @Test
    void anAskedPlatformTravelsAndChoosesTheNodes() {
        assertThat(pull("fromImage=multi&tag=latest&platform=linux%2Farmel"))
                .contains("multi:latest: asked for linux/arm/v6, and ocean-1 is linux/amd64");
        assertThat(hub.pulls()).containsExactly("rack-1-node-4 multi:latest linux/arm/v6");
        assertThat(call("POST", "/images/create?fromImage=multi&platform=pdp11").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFailureIsSaidForItsNodeAndAtTheEnd() {
        String lines = pull("fromImage=gone&tag=1");
        assertThat(lines)
                .contains("\"status\":\"Pulling gone:1... : manifest unknown\"")
                .contains(
                        "\"error\":\"ocean-1: manifest unknown\\nrack-1-node-4: manifest unknown\"");
    }

    @Test
    void aPullThatNoNodeEvenBeginsHasTheStatusOfTheFailure() {
        hub.refuses("gone", 404, "manifest for gone:1 not found: manifest unknown");
        HttpResponse<String> answer = call("POST", "/images/create?fromImage=gone&tag=1");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body().strip())
                .isEqualTo(
                        "{\"message\":\"ocean-1: manifest for gone:1 not found: manifest unknown\\n"
                                + "rack-1-node-4: manifest for gone:1 not found: manifest unknown\"}");
        hub.refuses("down", 500, "dial tcp: connection refused");
        assertThat(call("POST", "/images/create?fromImage=down").statusCode()).isEqualTo(500);
    }

    @Test
    void aPullThatOneNodeBeginsIsAStreamWithTheErrorLast() {
        hub.refusesOn("ocean-1", "multi", 404, "manifest unknown");
        HttpResponse<String> answer = call("POST", "/images/create?fromImage=multi&tag=latest");
        assertThat(answer.statusCode()).isEqualTo(200);
        List<String> lines = answer.body().lines().toList();
        assertThat(lines)
                .contains(
                        "{\"id\":\"ocean-1\",\"status\":\"Pulling multi:latest... : manifest unknown\"}",
                        "{\"id\":\"rack-1-node-4\",\"status\":\"Pulling multi:latest... : downloaded\"}");
        assertThat(lines.getLast())
                .isEqualTo(
                        "{\"errorDetail\":{\"message\":\"ocean-1: manifest unknown\"},"
                                + "\"error\":\"ocean-1: manifest unknown\"}");
    }

    @Test
    void credentialsGoToTheNodes() {
        hub.wants("c2VjcmV0");
        assertThat(pull("fromImage=multi&tag=latest")).contains("pull access denied for multi");
        assertThat(call("POST", "/images/create?fromImage=multi&tag=latest", "c2VjcmV0").body())
                .contains("downloaded")
                .doesNotContain("error");
    }

    /** As the CLI does: a create, after a 404 a pull with the user's credentials, a create. */
    @Test
    void aPrivateImageIsPulledByTheClientAfterA404() throws Exception {
        hub.wants("c2VjcmV0");
        ocean.creates().needImages("");
        rack.creates().needImages("");
        HttpResponse<String> refused = create("multi");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("No such image: multi:latest");
        call("POST", "/images/create?fromImage=multi&tag=latest", "c2VjcmV0");
        assertThat(create("multi").statusCode()).isEqualTo(201);
    }

    private HttpResponse<String> create(String image) throws Exception {
        return endpoint.call(
                endpoint.request("/v1.41/containers/create")
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"Image\":\"" + image + "\"}")));
    }

    @Test
    void whoPullsTheSameWaitsForOnePull() throws Exception {
        hub.hangPulls();
        var one = later("POST", "/images/create?fromImage=multi&tag=latest", "");
        Await.until("both nodes pull", () -> hub.pulls().size() == 2);
        var two = stream("/images/create?fromImage=multi&tag=latest");
        String begun = two.readLine() + two.readLine();
        assertThat(begun).contains("Pulling multi:latest...").doesNotContain("downloaded");
        assertThat(hub.pulls()).doesNotHaveDuplicates();
        hub.goOn();
        assertThat(one.join().body()).contains("downloaded").doesNotContain("error");
        assertThat(two.readLine() + two.readLine()).contains("downloaded").doesNotContain("error");
    }

    @Test
    void aClientThatGoesEndsAPullThatNobodyElseWaitsFor() throws Exception {
        hub.hangPulls();
        try (BufferedReader gone = stream("/images/create?fromImage=multi&tag=latest")) {
            gone.readLine();
            Await.until("both nodes pull", () -> hub.pulls().size() == 2);
        }
        // Had it not ended, this would join it instead of pulling anew.
        Await.until(
                "a pull of its own",
                () -> {
                    later("POST", "/images/create?fromImage=multi&tag=latest", "");
                    return hub.pulls().size() >= 4;
                });
    }

    @Test
    void aNodeThatLeavesTheSwarmDoesNotFailAPull() throws Exception {
        hub.hangPulls();
        try (BufferedReader lines = stream("/images/create?fromImage=multi&tag=latest")) {
            Await.until("both nodes pull", () -> hub.pulls().size() == 2);
            Files.delete(folder.resolve("members").resolve("rack-1-node-4.yaml"));
            Await.until(
                    "it has left", () -> !call("GET", "/info").body().contains("rack-1-node-4"));
            hub.goOn();
            assertThat(lines.lines())
                    .anyMatch(line -> line.contains("skipped, the node has left the swarm"))
                    .noneMatch(line -> line.contains("error"));
        }
    }

    private BufferedReader stream(String path) throws Exception {
        HttpRequest.Builder request =
                endpoint.request("/v1.41" + path).POST(HttpRequest.BodyPublishers.noBody());
        return new BufferedReader(
                new InputStreamReader(endpoint.stream(request).body(), StandardCharsets.UTF_8));
    }

    @Test
    void aRegistryThatLimitsLookUpsIsNotAskedByAnotherNodeAtOnce() throws Exception {
        String path = "/distribution/limited:latest/json";
        for (FakeEngine engine : List.of(ocean, rack)) {
            engine.answers(path, 429, "{\"message\":\"toomanyrequests: limit reached\"}");
        }
        assertThat(create("limited").statusCode()).isEqualTo(201);
        assertThat(Stream.of(ocean, rack).flatMap(engine -> engine.calls().stream()))
                .filteredOn(call -> call.contains(path))
                .hasSize(1);
    }

    @Test
    void aRegistryThatHangsCostsOneWaitAName() {
        hub.hangQuestions();
        long start = System.nanoTime();
        assertThat(pull("fromImage=multi&tag=latest")).contains("downloaded");
        long first = System.nanoTime() - start;
        start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            assertThat(pull("fromImage=multi&tag=latest")).contains("downloaded");
        }
        assertThat(first).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(hub.questions()).containsExactly("multi:latest");
        assertThat(System.nanoTime() - start).isLessThan(first + TimeUnit.SECONDS.toNanos(3));
    }

    @Test
    void inspectFindsWhatANameMeansOnTheFirstNodeThatHasIt() throws Exception {
        Files.writeString(folder.resolve("images.yaml"), AIYARA);
        rack.image("sha256:bbbb", "aiyara/debian:latest.arm", 20);
        Await.until(
                "the image is known", () -> call("GET", "/images/json").body().contains("bbbb"));
        assertThat(call("GET", "/images/debian/json").body()).contains("from rack-1-node-4");
        assertThat(rack.calls()).anyMatch(c -> c.contains("/images/aiyara/debian:latest.arm/json"));
        ocean.image("sha256:aaaa", "debian:latest", 10);
        Await.until(
                "the image is known", () -> call("GET", "/images/json").body().contains("aaaa"));
        assertThat(call("GET", "/images/debian/json").body()).contains("from ocean-1");
        assertThat(call("GET", "/images/bbbb/json").body()).contains("from rack-1-node-4");
        assertThat(call("GET", "/images/nothing/json").statusCode()).isEqualTo(404);
    }

    @Test
    void tagsAndRemovesWhereverItIsUnderWhateverName() throws Exception {
        Files.writeString(folder.resolve("images.yaml"), AIYARA);
        pull("fromImage=debian&tag=latest");
        Await.until(
                "both are known",
                () -> call("GET", "/images/json").body().contains("aiyara/debian"));
        assertThat(call("POST", "/images/debian/tag?repo=mine&tag=1").statusCode()).isEqualTo(201);
        assertThat(ocean.imageNames()).contains("mine:1");
        assertThat(rack.imageNames()).contains("mine:1");
        assertThat(call("DELETE", "/images/debian").body())
                .contains("debian:latest", "aiyara/debian:latest.arm");
        assertThat(ocean.imageNames()).containsExactly("mine:1");
        assertThat(rack.imageNames()).containsExactly("mine:1");
        assertThat(call("DELETE", "/images/debian").statusCode()).isEqualTo(404);
    }

    @Test
    void whoWasToldThatATagOrPullIsDoneCanCreateOfIt() throws Exception {
        assertThat(pull("fromImage=multi&tag=latest")).contains("downloaded");
        call("GET", "/images/json");
        rack.listsImagesLate(700);
        for (int i = 0; i < 3; i++) {
            long before = lists();
            assertThat(call("POST", "/images/multi/tag?repo=used&tag=" + i).statusCode())
                    .isEqualTo(201);
            Await.until("ocean-1 has told of it, the other has not", () -> lists() > before);
            TimeUnit.MILLISECONDS.sleep(100);
            HttpResponse<String> made =
                    endpoint.call(
                            endpoint.request("/v1.41/containers/create")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"Image\":\"used:"
                                                            + i
                                                            + "\",\"Env\":[\"constraint:node==rack-1-node-4\"]}")));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }
    }

    private long lists() {
        return ocean.calls().stream().filter(call -> call.endsWith("/images/json")).count();
    }

    @Test
    void pushesFromANodeThatHasItWithTheClientsCredentials() {
        rack.image("sha256:bbbb", "me/mine:2", 20);
        Await.until(
                "the image is known", () -> call("GET", "/images/json").body().contains("bbbb"));
        assertThat(call("POST", "/images/docker.io/me/mine/push?tag=2", "a2V5").body())
                .isEqualTo("{\"status\":\"me/mine by a2V5\"}");
        assertThat(call("POST", "/images/me/mine/push?tag=3").statusCode()).isEqualTo(404);
    }

    @Test
    void pruneSumsAllNodes() {
        assertThat(call("POST", "/images/prune").body())
                .contains("ocean-1", "rack-1-node-4", "\"SpaceReclaimed\":10");
    }

    @Test
    void aBrokenFileLeavesTheLastGoodOneAndIsShown() throws Exception {
        Path file = folder.resolve("images.yaml");
        Files.writeString(file, AIYARA);
        assertThat(pull("fromImage=debian")).doesNotContain("skipped");
        Files.writeString(file, "rules: 7\n");
        assertThat(pull("fromImage=debian")).doesNotContain("skipped");
        assertThat(call("GET", "/info").body()).contains("has rules that are not a list");
    }

    @Test
    void importSaysWhereToDoIt() {
        assertThat(call("POST", "/images/create?fromSrc=-").statusCode()).isEqualTo(501);
    }
}
