package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.MachineException;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EndpointTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private TestPki pki;
    private FakeEngine ocean;
    private FakeEngine rack;
    private TestEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        pki = new TestPki(folder.resolve("certs"));
        Files.createDirectories(folder.resolve("members"));
        ocean = new FakeEngine(pki, "ocean-1");
        rack = new FakeEngine(pki, "rack-1-node-4", "1.44", "1.60");
        ocean.container("web", "nginx", 500_000_000L, 512L << 20);
        rack.container("db", "mysql", 0, 0);
        ocean.image("sha256:aaaa", "debian:latest", 10);
        rack.image("sha256:bbbb", "aiyara/debian:latest.arm", 20);
        ocean.join(folder.resolve("members"));
        rack.join(folder.resolve("members"));
        endpoint = new TestEndpoint(pki, TestEndpoint.options(pki, members()), TestEndpoint.QUICK);
        endpoint.awaitHealthy(2);
    }

    @AfterEach
    void stop() {
        endpoint.close();
        ocean.close();
        rack.close();
    }

    private MemberFolder members() {
        return new MemberFolder(folder.resolve("members"));
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        return endpoint.call(method, path);
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = call("GET", path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private String info() throws Exception {
        return endpoint.info();
    }

    @Test
    void infoHasTheLinesOfTheFirstSwarmThenOurs() throws Exception {
        assertThat(
                        info().replaceAll("UpdatedAt: .*", "UpdatedAt: T")
                                .replace(":" + ocean.port(), ":1")
                                .replace(":" + rack.port(), ":2"))
                .isEqualTo(
                        """
                        Strategy: spread
                        Filters: health, port, containerslots, dependency, affinity, constraint, whitelist, platform
                        Nodes: 2
                         ocean-1: 127.0.0.1:1
                          └ Containers: 1
                          └ Reserved CPUs: 0.5 / 2
                          └ Reserved Memory: 512 MiB / 2.1 GiB
                          └ Labels: architecture=arm, kernelversion=6.1, operatingsystem=Debian, ostype=linux, provider=aiyara, storagedriver=overlay2
                          └ Status: Healthy
                          └ ID: ID-ocean-1|127.0.0.1:1
                          └ UpdatedAt: T
                          └ ServerVersion: 20.10
                          └ Platform: linux/arm/v7
                         rack-1-node-4: 127.0.0.1:2
                          └ Containers: 1
                          └ Reserved CPUs: 0 / 2
                          └ Reserved Memory: 0 B / 2.1 GiB
                          └ Labels: architecture=arm, kernelversion=6.1, operatingsystem=Debian, ostype=linux, provider=aiyara, storagedriver=overlay2
                          └ Status: Healthy
                          └ ID: ID-rack-1-node-4|127.0.0.1:2
                          └ UpdatedAt: T
                          └ ServerVersion: 20.10
                          └ Platform: linux/arm/v7
                        """);
    }

    @Test
    void speaksToEachEngineInAVersionItSupports() throws Exception {
        call("GET", "/v1.43/containers/web/logs");
        call("GET", "/v1.43/containers/db/logs");
        assertThat(ocean.calls())
                .anyMatch(
                        call ->
                                call.startsWith("GET /v1.41/containers/")
                                        && call.endsWith("/logs"));
        assertThat(rack.calls())
                .anyMatch(
                        call ->
                                call.startsWith("GET /v1.44/containers/")
                                        && call.endsWith("/logs"));
        assertThat(rack.calls()).anyMatch(call -> call.equals("GET /v1.51/info"));
    }

    @Test
    void listsContainersOfAllNodesWithNodeInNameAndAddressInPortsOnce() throws Exception {
        JsonNode list = json("/containers/json");
        assertThat(list.findValuesAsText("FutureField")).containsExactly("kept", "kept");
        assertThat(list)
                .extracting(entry -> entry.path("Names").get(0).asText())
                .containsExactlyInAnyOrder("/ocean-1/web", "/rack-1-node-4/db");
        assertThat(list.get(0).path("Ports")).hasSize(1);
        assertThat(list.get(0).path("Ports").get(0).path("IP").asText()).isEqualTo("127.0.0.1");
        assertThat(list.get(0).path("Status").asText()).startsWith("Up ");
    }

    @Test
    void findsContainersByNameByNodeAndNameAndByPrefix() throws Exception {
        String id = json("/containers/web/json").path("Id").asText();
        assertThat(json("/containers/ocean-1/web/json").path("Node").path("Name").asText())
                .isEqualTo("ocean-1");
        assertThat(json("/v1.24/containers/" + id.substring(0, 10) + "/json").path("Id").asText())
                .isEqualTo(id);
        assertThat(
                        json("/containers/web/json")
                                .path("NetworkSettings")
                                .path("Ports")
                                .path("80/tcp")
                                .get(0)
                                .path("HostIp")
                                .asText())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void anAmbiguousNameIsAnsweredWithTheChoices() throws Exception {
        rack.container("web", "nginx", 0, 0);
        Await.until("second web", () -> call("GET", "/containers/web/json").statusCode() == 400);
        assertThat(call("GET", "/containers/web/json").body())
                .contains("ocean-1/web or rack-1-node-4/web");
        assertThat(json("/containers/rack-1-node-4/web/json").path("Node").path("Name").asText())
                .isEqualTo("rack-1-node-4");
    }

    @Test
    void containersCalledLikeVersionsAndVerbsAreFound() throws Exception {
        for (String name : List.of("v1", "v1.24", "json", "containers")) {
            ocean.container(name, "nginx", 0, 0);
        }
        for (String name : List.of("v1", "v1.24", "json", "containers")) {
            Await.until(
                    name,
                    () -> call("GET", "/v1.41/containers/" + name + "/json").statusCode() == 200);
            assertThat(json("/v1.41/containers/" + name + "/json").path("Name").asText())
                    .isEqualTo("/" + name);
            assertThat(json("/containers/" + name + "/json").path("Name").asText())
                    .isEqualTo("/" + name);
        }
    }

    @Test
    void seesAnEndThatTheEngineTellsOfBeforeItsListShowsIt() throws Exception {
        ocean.endsEarly();
        assertThat(call("POST", "/containers/web/stop").statusCode()).isEqualTo(204);
        assertThat(call("GET", "/containers/json").body()).doesNotContain("/ocean-1/web");
        assertThat(call("GET", "/containers/json?all=1").body()).contains("Exited (0)");
    }

    @Test
    void whatAClientHasChangedItSeesInTheNextList() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(call("POST", "/containers/web/stop").statusCode()).isEqualTo(204);
            assertThat(json("/containers/json?filters=%7B%22name%22%3A%5B%22web%22%5D%7D"))
                    .isEmpty();
            assertThat(call("POST", "/containers/web/start").statusCode()).isEqualTo(204);
            assertThat(json("/containers/json?filters=%7B%22name%22%3A%5B%22web%22%5D%7D"))
                    .hasSize(1);
        }
        assertThat(call("DELETE", "/containers/web?force=1").statusCode()).isEqualTo(204);
        assertThat(json("/containers/json?all=1")).hasSize(1);
        assertThat(call("GET", "/containers/web/json").statusCode()).isEqualTo(404);
    }

    @Test
    void aNameThatAnotherNodeUsesIsRefusedOnRename() throws Exception {
        assertThat(call("POST", "/containers/web/rename?name=db").statusCode()).isEqualTo(409);
        assertThat(call("POST", "/containers/web/rename?name=site").statusCode()).isEqualTo(204);
        assertThat(json("/containers/site/json").path("Name").asText()).isEqualTo("/site");
    }

    @Test
    void aDeadEngineIsShownAndNoticedWhenItIsBackWhileTheOtherAnswers() throws Exception {
        rack.die();
        Await.until("rack lost", () -> info().contains("Unhealthy"));
        assertThat(info()).contains("└ Error: ");
        assertThat(call("GET", "/containers/web/json").statusCode()).isEqualTo(200);
        HttpResponse<String> lost = call("GET", "/containers/db/json");
        assertThat(lost.statusCode()).isEqualTo(503);
        assertThat(lost.body()).contains("node rack-1-node-4 does not answer");
        assertThat(json("/containers/json").toString()).contains("Host Down");
        rack.start();
        Await.until("rack back", () -> !info().contains("Unhealthy"));
        assertThat(call("GET", "/containers/db/json").statusCode()).isEqualTo(200);
    }

    @Test
    void aHungEngineIsShownAndWhoWaitsForItGetsAnError() throws Exception {
        rack.hang();
        HttpResponse<String> waiting = call("GET", "/containers/db/top");
        assertThat(waiting.statusCode()).isIn(502, 503);
        Await.until(
                "rack lost",
                () -> info().contains("no answer within 0.8 s") || info().contains("Unhealthy"));
        assertThat(call("GET", "/containers/web/json").statusCode()).isEqualTo(200);
        rack.unhang();
        Await.until("rack back", () -> !info().contains("Unhealthy"));
    }

    @Test
    void aMemberComesAndGoesWhileEventsStayOpen() throws Exception {
        try (TestClient events = endpoint.client();
                FakeEngine third = new FakeEngine(pki, "ocean-2")) {
            events.say("GET /events HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n\r\n");
            third.join(folder.resolve("members"));
            assertThat(events.hear("engine_connect")).doesNotContain("disconnect");
            assertThat(info()).contains("Nodes: 3");
            Files.delete(folder.resolve("members/ocean-2.yaml"));
            Await.until("two nodes", () -> info().contains("Nodes: 2"));
            ocean.container("late", "nginx", 0, 0);
            events.hear("\"late\"");
            assertThat(events.hear("\n")).contains("\"node.name\":\"ocean-1\"");
        }
    }

    @Test
    void pastEventsAreToldInOrderAndThenTheStreamEnds() throws Exception {
        String body =
                call(
                                "GET",
                                "/events?since=1600000000&until="
                                        + Instant.now().getEpochSecond()
                                        + ".5&filters=%7B%22type%22%3A%5B%22image%22%5D%7D")
                        .body();
        List<String> actors = new ArrayList<>();
        for (String line : body.strip().split("\n")) {
            actors.add(JSON.readTree(line).path("Actor").path("ID").asText());
        }
        assertThat(actors).containsExactly("debian:latest", "aiyara/debian:latest.arm");
    }

    @Test
    void imagesOfAllNodesAreListedAndInspectedWhereTheyAre() throws Exception {
        assertThat(json("/images/json").findValuesAsText("Id"))
                .containsExactly("sha256:bbbb", "sha256:aaaa");
        assertThat(json("/images/docker.io/library/debian:latest/json").path("Id").asText())
                .isEqualTo("from ocean-1");
        assertThat(json("/images/aiyara/debian:latest.arm/json").path("Id").asText())
                .isEqualTo("from rack-1-node-4");
        assertThat(call("GET", "/images/nothing/json").statusCode()).isEqualTo(404);
    }

    @Test
    void whatOnlyTheEnginesCanMeasureIsShownOfThoseThatAnswer() throws Exception {
        String measured = "/images/json?shared-size=1";
        assertThat(json("/containers/json?size=1").findValuesAsText("SizeRw"))
                .containsExactly("7", "7");
        assertThat(json(measured).findValuesAsText("Id"))
                .containsExactly("sha256:bbbb", "sha256:aaaa");
        rack.hang();
        assertThat(json(measured).findValuesAsText("Id")).containsExactly("sha256:aaaa");
        rack.unhang();
    }

    @Test
    void streamsFlowAtOnceAndTheEngineIsLetGoWhenTheClientLeaves() throws Exception {
        HttpResponse<InputStream> logs =
                endpoint.stream(endpoint.request("/containers/web/logs?follow=1"));
        assertThat(new String(logs.body().readNBytes(6), StandardCharsets.UTF_8))
                .isEqualTo("hello\n");
        logs.body().close();
    }

    @Test
    void aStreamFromAnEngineThatDiesIsCutVisibly() throws Exception {
        HttpResponse<InputStream> logs =
                endpoint.stream(endpoint.request("/containers/web/logs?follow=1"));
        logs.body().readNBytes(6);
        ocean.die();
        assertThatThrownBy(() -> logs.body().readAllBytes())
                .isInstanceOf(java.io.IOException.class);
    }

    @Test
    void anUploadReachesTheNodeWhole() throws Exception {
        byte[] body = new byte[3 << 20];
        HttpResponse<String> answer =
                endpoint.call(
                        endpoint.request("/containers/web/archive?path=/")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
        assertThat(answer.body()).isEqualTo("got " + body.length);
    }

    @Test
    void whatIsNotServedSaysSo() throws Exception {
        assertThat(call("GET", "/containers/web/attach/ws").statusCode()).isEqualTo(501);
        assertThat(call("GET", "/nothing").body()).isEqualTo("{\"message\":\"page not found\"}\n");
        assertThat(call("GET", "/v1.52/info").statusCode()).isEqualTo(400);
        assertThat(call("GET", "/v1.21/containers/json").statusCode()).isEqualTo(200);
    }

    @Test
    void pingAnswersHeadAsAnEngineDoes() throws Exception {
        HttpResponse<String> ping = call("HEAD", "/_ping");
        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(ping.headers().firstValue("Ostype")).hasValue("linux");
        assertThat(ping.headers().firstValue("Api-Version")).hasValue("1.51");
        assertThat(json("/version").path("MinAPIVersion").asText()).isEqualTo("1.24");
        assertThat(json("/info").path("Swarm").path("LocalNodeState").asText())
                .isEqualTo("inactive");
    }

    @Test
    void aBadMemberFileKeepsWhatItSaidAndIsShown() throws Exception {
        Files.writeString(
                folder.resolve("members/rack-1-node-4.yaml"), "schema: 2\nname: rack-1-node-4\n");
        Files.writeString(
                folder.resolve("members/other.yaml"), "schema: 1\nname: other\nvia: ssh\n");
        Await.until(
                "errors shown", () -> info().contains("newer machine") && info().contains("(via)"));
        assertThat(info()).contains("Nodes: 3");
        assertThat(call("GET", "/containers/db/json").statusCode()).isEqualTo(200);
    }

    @Test
    void aSecondEndpointWithTheSameLockIsRefused() {
        Path lock = folder.resolve("endpoint.lock");
        EndpointOptions locking = TestEndpoint.listening(pki, members(), "tcp://127.0.0.1:0", lock);
        try (Endpoint first = Endpoint.start(locking, TestEndpoint.QUICK)) {
            assertThat(lock).content().isEqualTo(ProcessHandle.current().pid() + "\n");
            assertThatThrownBy(() -> Endpoint.start(locking, TestEndpoint.QUICK))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("already running");
            assertThat(first.address()).isNotNull();
        }
        Endpoint.start(locking, TestEndpoint.QUICK).close();
    }

    @Test
    void anAddressInUseIsOneSentence() {
        String taken = "127.0.0.1:" + endpoint.address().getPort();
        EndpointOptions same = TestEndpoint.listening(pki, members(), "tcp://" + taken, null);
        assertThatThrownBy(() -> Endpoint.start(same, TestEndpoint.QUICK))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("cannot listen on " + taken);
    }
}
