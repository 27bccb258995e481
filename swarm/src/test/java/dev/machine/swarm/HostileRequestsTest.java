package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients and nodes whose words are made to take long: everybody else is served meanwhile. */
@Timeout(120)
class HostileRequestsTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final String DOTS = ".*".repeat(16) + "X";

    @TempDir Path folder;
    private Swarm swarm;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        for (String node : List.of("node-1", "node-2")) {
            FakeEngine engine = swarm.engine(node, "1.24", "1.41");
            engine.image("sha256:" + node, "x@" + "a_a".repeat(30), 1);
            engine.image("sha256:2" + node, "a/".repeat(2000) + "a:1", 1);
        }
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String image, String... environment) throws Exception {
        ObjectMapper json = new ObjectMapper();
        return swarm.post(
                "/v1.41/containers/create",
                json.createObjectNode()
                        .put("Image", image)
                        .set("Env", json.valueToTree(environment))
                        .toString());
    }

    private HttpResponse<String> list(String what, String filters) throws Exception {
        return swarm.get(what + "filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8));
    }

    /** Several of them at once; returns the statuses when all have been answered. */
    private List<Integer> sideBySide(int times, Callable<HttpResponse<String>> call)
            throws Exception {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return call.call().statusCode();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            Thread::startVirtualThread));
        }
        long asked = System.nanoTime();
        assertThat(swarm.get("/_ping").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
        List<Integer> statuses = new ArrayList<>();
        for (CompletableFuture<Integer> one : all) {
            statuses.add(one.get(30, TimeUnit.SECONDS));
        }
        return statuses;
    }

    @Test
    void expressionsThatBacktrackForEverAreAnsweredAtOnce() throws Exception {
        assertThat(
                        sideBySide(
                                4,
                                () ->
                                        create(
                                                "nginx",
                                                "constraint:operatingsystem==/" + DOTS + "/")))
                .containsOnly(500);
        assertThat(sideBySide(4, () -> create("nginx", "affinity:container==*a*a*a*a*a*a*b")))
                .containsOnly(500);
    }

    @Test
    void expressionsThatAreTooLargeAreRefused() throws Exception {
        for (String value : List.of("/a{1000}{1000}/", "/((a{99}){99}){99}/", "/(?=a)b/")) {
            HttpResponse<String> answer = create("nginx", "constraint:node==" + value);
            // Braces and lookaheads are no part of classic's grammar either.
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("is invalid");
        }
        assertThat(create("nginx", "constraint:node==" + "a".repeat(5000)).body())
                .contains("at most 512 characters");
        String[] many = Collections.nCopies(101, "constraint:node==x").toArray(String[]::new);
        assertThat(create("nginx", many).body()).contains("at most 100 constraints");
    }

    @Test
    void namesOfImagesThatBacktrackOrRecurseAreRefusedInDockersWords() throws Exception {
        for (String image :
                List.of(
                        "x@" + "a_a".repeat(30),
                        "a/".repeat(4000) + "a",
                        "a".repeat(300),
                        "x:" + "t".repeat(129))) {
            assertThat(sideBySide(2, () -> create(image))).containsOnly(400);
            assertThat(create(image).body()).contains("invalid reference format");
        }
        assertThat(swarm.get("/images/json").statusCode()).isEqualTo(200);
    }

    @Test
    void filtersThatBacktrackAreAnsweredAtOnce() throws Exception {
        create("nginx");
        String name = "{\"name\":[\"" + DOTS + "\",\"(a+a+)+b\",\"(.*.*)*X\"]}";
        assertThat(sideBySide(12, () -> list("/containers/json?all=1&", name))).containsOnly(200);
        String glob = "{\"reference\":[\"" + "*a".repeat(30) + "b\"]}";
        assertThat(sideBySide(4, () -> list("/images/json?", glob))).containsOnly(200);
        String ancestor = "{\"ancestor\":[\"x@" + "a_a".repeat(30) + "\"]}";
        assertThat(sideBySide(4, () -> list("/containers/json?all=1&", ancestor)))
                .containsOnly(200);
        String ports = "{\"publish\":[\"0-65535\",\"1-65535/udp\"]}";
        assertThat(sideBySide(4, () -> list("/containers/json?all=1&", ports))).containsOnly(200);
    }

    @Test
    void filtersThatAreTooManyOrNestedTooDeepAreRefused() throws Exception {
        String many = "{\"id\":[" + String.join(",", Collections.nCopies(1001, "\"a\"")) + "]}";
        assertThat(list("/containers/json?", many).statusCode()).isEqualTo(400);
        String deep = "{\"id\":" + "[".repeat(2000) + "]".repeat(2000) + "}";
        assertThat(list("/containers/json?", deep).statusCode()).isEqualTo(400);
        assertThat(list("/containers/json?", "{\"publish\":[\"1-99999\"]}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aTimeOfAHundredMillionDigitsIsRefusedAtOnce() throws Exception {
        for (String time :
                List.of("1e99999999", "-1E+2000000000", "1e-99999999", "9".repeat(9000))) {
            assertThat(
                            sideBySide(
                                    1,
                                    () ->
                                            swarm.get(
                                                    "/events?until=1&since="
                                                            + time.replace("+", "%2B"))))
                    .containsOnly(400);
        }
        assertThat(swarm.get("/events?since=1e3&until=1700000000.123456789").statusCode())
                .isEqualTo(200);
    }

    @Test
    void anExponentThatNobodyCanCountIsRefused() throws Exception {
        String body = "{\"Image\":\"debian\",\"x\":1e999999999999999}";
        HttpResponse<String> refused = swarm.post("/v1.41/containers/create", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not valid JSON: a number has too large an exponent");
    }

    @Test
    void settingsOfAContainerAreTwoMebibytesAtMost() throws Exception {
        String body = "{\"Image\":\"debian\",\"x\":[" + "{},".repeat(800_000) + "{}]}";
        assertThat(swarm.post("/v1.41/containers/create", body).statusCode()).isEqualTo(413);
    }

    @Test
    void aContainerNamedLikeAnothersFullIdHidesNothing() throws Exception {
        String id = swarm.engines().get(0).container("real", "nginx", 0, 0).id();
        swarm.engines().get(1).container(id, "nginx", 0, 0);
        Await.until(
                "both are listed",
                () -> {
                    String list = swarm.get("/containers/json?all=1").body();
                    return list.contains("/" + id + "\"") && list.contains("/real\"");
                });
        HttpResponse<String> details = swarm.get("/containers/" + id + "/json");
        assertThat(details.statusCode()).isEqualTo(200);
        assertThat(details.body()).contains("/real\"");
    }

    @Test
    void aNameThatLooksLikeAnIdIsRefused() throws Exception {
        String id = "0123456789abcdef".repeat(4);
        HttpResponse<String> answer =
                swarm.post("/containers/create?name=" + id, "{\"Image\":\"nginx\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("could be taken for the id of another container");
    }
}
