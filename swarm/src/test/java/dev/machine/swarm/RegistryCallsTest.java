package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Gate;
import dev.machine.swarm.testing.Swarm;
import dev.machine.swarm.testing.TestClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker login} (D1) and look-ups in a registry: one engine asks. */
@Timeout(60)
class RegistryCallsTest {
    private static final String LOGIN =
            "{\"username\":\"me\",\"password\":\"hunter2\",\"serveraddress\":\"hub\"}";
    private static final String PATH = "/distribution/private/app:1/json";

    @TempDir Path folder;

    private final List<FakeEngine> engines = new ArrayList<>();
    private Swarm swarm;

    @AfterEach
    void stop() {
        swarm.close();
    }

    private void start() {
        swarm = new Swarm(folder);
        engines.add(swarm.engine("a-1", "1.12", "1.41"));
        engines.add(swarm.engine("b-1", "1.44", "1.51"));
        engines.add(swarm.engine("c-1", "1.40", "1.57"));
        swarm.start("spread");
    }

    private List<String> asked(String path) {
        return engines.stream()
                .flatMap(
                        engine ->
                                engine.calls().stream()
                                        .filter(call -> call.contains(path))
                                        .map(call -> engine.name() + " " + call))
                .toList();
    }

    @Test
    void aLoginGoesToOneEngineAsItCameAndTheAnswerAsTheEngineGaveIt() throws Exception {
        start();
        List<String> bodies = new CopyOnWriteArrayList<>();
        engines.forEach(
                engine ->
                        engine.handles(
                                "/auth",
                                exchange -> {
                                    bodies.add(
                                            new String(
                                                    exchange.getRequestBody().readAllBytes(),
                                                    StandardCharsets.UTF_8));
                                    FakeEngine.send(
                                            exchange, 200, "{\"Status\":\"Login Succeeded\"}");
                                }));
        HttpResponse<String> answer = swarm.post("/v1.51/auth", LOGIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"Status\":\"Login Succeeded\"}");
        assertThat(bodies).containsExactly(LOGIN);
        assertThat(asked("/auth")).containsExactly("a-1 POST /v1.41/auth");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 400, 429, 500})
    void anyAnswerToALoginIsFinal(int status) throws Exception {
        start();
        engines.forEach(engine -> engine.answers("/auth", status, "{\"message\":\"no\"}"));
        HttpResponse<String> answer = swarm.post("/auth", LOGIN);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"message\":\"no\"}");
        assertThat(asked("/auth")).hasSize(1);
    }

    @Test
    void aLoginThatBreaksOffIsNotRepeatedAndItsErrorDoesNotShowThePassword() throws Exception {
        start();
        engines.forEach(
                engine ->
                        engine.handles(
                                "/auth",
                                exchange -> {
                                    exchange.getRequestBody().readAllBytes();
                                    exchange.sendResponseHeaders(200, 1000);
                                }));
        HttpResponse<String> answer = swarm.post("/auth", LOGIN);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("node a-1 did not answer").doesNotContain("hunter2");
        assertThat(asked("/auth")).hasSize(1);
    }

    @Test
    void aLoginHasAtMost64Kibibytes() throws Exception {
        start();
        engines.forEach(engine -> engine.answers("/auth", 200, "{}"));
        assertThat(swarm.post("/auth", "a".repeat(64 << 10)).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = swarm.post("/auth", "a".repeat((64 << 10) + 1));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("larger than 64 KiB");
        assertThat(asked("/auth")).hasSize(1);
    }

    /** So many engines are not pinged while a test runs, so a shut gate is not noticed before. */
    @Test
    void aFailureToConnectTriesOneMoreNodeAndNotAThird() throws Exception {
        swarm = new Swarm(folder);
        List<Gate> gates = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            gates.add(swarm.gated("node-" + i));
        }
        engines.addAll(swarm.engines());
        engines.forEach(
                engine -> {
                    engine.container("web-" + engine.name(), "nginx", 0, 0);
                    engine.answers("/auth", 200, "{\"Status\":\"by " + engine.name() + "\"}");
                });
        swarm.start("spread");
        try (TestClient one = busy("node-1", gates.getFirst())) {
            assertThat(swarm.post("/auth", LOGIN).body()).contains("by node-2");
            try (TestClient two = busy("node-2", gates.get(1))) {
                HttpResponse<String> answer = swarm.post("/auth", LOGIN);
                assertThat(answer.statusCode()).isEqualTo(502);
                assertThat(answer.body()).contains("node-2 did not answer");
                assertThat(asked("/auth")).hasSize(1);
            }
        }
    }

    /** Keeps the only idle connection to a node in use, and lets nobody make another. */
    private TestClient busy(String node, Gate gate) throws Exception {
        TestClient client = swarm.client();
        client.say("GET /containers/web-" + node + "/logs?follow=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        client.hear("hello");
        gate.shut();
        return client;
    }

    @Test
    void aLookUpTakesTheFirstAnswerOfTheRegistryWithTheClientsCredentials() throws Exception {
        start();
        List<String> credentials = new CopyOnWriteArrayList<>();
        engines.get(0).answers(PATH, 500, "{\"message\":\"dial tcp: i/o timeout\"}");
        engines.get(1)
                .handles(
                        PATH,
                        exchange -> {
                            credentials.add(
                                    exchange.getRequestHeaders().getFirst("X-Registry-Auth"));
                            FakeEngine.send(exchange, 200, "{\"Descriptor\":{}}");
                        });
        HttpResponse<String> answer =
                swarm.call(
                        swarm.request("/v1.51" + PATH).header("X-Registry-Auth", "c2VjcmV0").GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"Descriptor\":{}}");
        assertThat(credentials).containsExactly("c2VjcmV0");
        assertThat(asked(PATH)).containsExactly("a-1 GET /v1.41" + PATH, "b-1 GET /v1.51" + PATH);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429})
    void whatTheRegistryRefusesIsAnsweredAsItIs(int status) throws Exception {
        start();
        engines.forEach(engine -> engine.answers(PATH, status, "{\"message\":\"no\"}"));
        HttpResponse<String> answer = swarm.get(PATH);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"message\":\"no\"}");
        assertThat(asked(PATH)).hasSize(1);
    }

    @Test
    void ifNoEngineReachesTheRegistryTheLastReasonIsTheAnswer() throws Exception {
        start();
        engines.forEach(
                engine ->
                        engine.answers(
                                PATH,
                                500,
                                "{\"message\":\"no route from " + engine.name() + "\"}"));
        HttpResponse<String> answer = swarm.get(PATH);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("no route from c-1");
    }

    @Test
    void whatOneClientMayLookUpIsAskedAgainForTheNext() throws Exception {
        start();
        engines.forEach(
                engine ->
                        engine.handles(
                                PATH,
                                exchange -> {
                                    String auth =
                                            exchange.getRequestHeaders()
                                                    .getFirst("X-Registry-Auth");
                                    FakeEngine.send(
                                            exchange,
                                            "mine".equals(auth) ? 200 : 401,
                                            "{\"message\":\"" + auth + "\"}");
                                }));
        assertThat(
                        swarm.call(swarm.request(PATH).header("X-Registry-Auth", "mine").GET())
                                .statusCode())
                .isEqualTo(200);
        assertThat(swarm.get(PATH).statusCode()).isEqualTo(401);
    }
}
