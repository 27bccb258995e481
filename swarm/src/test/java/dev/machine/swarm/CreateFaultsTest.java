package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeCreates.Fault;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import dev.machine.swarm.testing.TestClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** After any fault the endpoint agrees with its engines again. */
@Timeout(120)
class CreateFaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SETTINGS =
            "{\"Image\":\"nginx\",\"HostConfig\":{\"Memory\":16777216}}";

    @TempDir Path folder;

    private Swarm swarm;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        for (int i = 0; i < 4; i++) {
            swarm.engine("node-" + i, "1.24", i % 2 == 0 ? "1.41" : "1.51");
        }
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    @RepeatedTest(3)
    void answersAreTrueAndLedgersEqualEngines(RepetitionInfo repetition) throws Exception {
        Map<String, String> made = new ConcurrentHashMap<>();
        Map<String, Integer> failed = new ConcurrentHashMap<>();
        Random seeds = new Random(repetition.getCurrentRepetition());
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(seeds.nextLong());
                running.add(
                        clients.submit(
                                () -> {
                                    for (int n = next.getAndIncrement();
                                            n < 100;
                                            n = next.getAndIncrement()) {
                                        breakSomething(random);
                                        create("w" + n, made, failed);
                                        if (random.nextInt(3) == 0) {
                                            swarm.delete("/containers/w" + n + "?force=1");
                                            made.remove("w" + n);
                                        }
                                    }
                                    return null;
                                }));
            }
            for (Future<Void> client : running) {
                client.get();
            }
        }
        swarm.ledgersEqualEngines();
        assertThat(swarm.names()).doesNotHaveDuplicates();
        Map<String, String> real =
                swarm.engines().stream()
                        .flatMap(engine -> engine.containers().stream())
                        .collect(Collectors.toMap(FakeContainer::name, FakeContainer::id));
        assertThat(real).containsAllEntriesOf(made);
        failed.forEach(
                (name, status) -> {
                    if (status == 500) {
                        assertThat(real).doesNotContainKey(name);
                    }
                });
        for (String name : made.keySet()) {
            swarm.delete("/containers/" + name);
        }
        assertThat(swarm.post("/containers/create?name=last", SETTINGS).statusCode())
                .isEqualTo(201);
    }

    private void breakSomething(Random random) {
        Fault[] faults = {Fault.REFUSE, Fault.CUT_BEFORE, Fault.CUT_AFTER};
        if (random.nextInt(3) == 0) {
            swarm.engines()
                    .get(random.nextInt(4))
                    .creates()
                    .fail(faults[random.nextInt(faults.length)]);
        }
    }

    private void create(String name, Map<String, String> made, Map<String, Integer> failed)
            throws Exception {
        HttpResponse<String> answer = swarm.post("/containers/create?name=" + name, SETTINGS);
        if (answer.statusCode() == 201) {
            made.put(name, JSON.readTree(answer.body()).path("Id").asText());
        } else {
            failed.put(name, answer.statusCode());
        }
    }

    @Test
    void nothingIsLostOrLeakedWhenEnginesDieAndComeBack() throws Exception {
        FakeEngine first = swarm.engines().get(0);
        FakeEngine second = swarm.engines().get(1);
        first.creates().fail(Fault.DIE_AFTER);
        second.creates().fail(Fault.DIE_BEFORE);
        Map<String, String> made = new ConcurrentHashMap<>();
        Map<String, Integer> failed = new ConcurrentHashMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                int n = i;
                clients.submit(
                        () -> {
                            create("w" + n, made, failed);
                            return null;
                        });
            }
        }
        first.start();
        second.start();
        Await.until("back", () -> !swarm.info().contains("Unhealthy"));
        swarm.ledgersEqualEngines();
        assertThat(swarm.names()).doesNotHaveDuplicates().containsAll(made.keySet());
        for (int i = 0; i < 12; i++) {
            int n = i;
            Await.until(
                    "w" + n + " is there, or its name is free",
                    () ->
                            swarm.names().contains("w" + n)
                                    || swarm.post("/containers/create?name=c" + n, SETTINGS)
                                                    .statusCode()
                                            == 201);
        }
        swarm.ledgersEqualEngines();
    }

    @Test
    void aClientThatGoesAwayLeavesAContainerOrNothing() throws Exception {
        swarm.engines().forEach(engine -> engine.creates().delay(300));
        for (int i = 0; i < 4; i++) {
            try (TestClient client = swarm.client()) {
                client.say(
                        "POST /containers/create?name=gone"
                                + i
                                + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                + SETTINGS.getBytes(StandardCharsets.UTF_8).length
                                + "\r\n\r\n"
                                + SETTINGS);
                String name = "/containers/create?name=gone" + i;
                Await.until(
                        "the node has it",
                        () ->
                                swarm.engines().stream()
                                        .flatMap(engine -> engine.calls().stream())
                                        .anyMatch(call -> call.endsWith(name)));
            }
        }
        Await.until("made", () -> swarm.names().size() == 4);
        swarm.ledgersEqualEngines();
    }

    @Test
    void aClientThatGoesAwayDuringAPullLeavesNothingBehind() throws Exception {
        swarm.engines().forEach(engine -> engine.creates().needImages("").delay(400));
        try (TestClient client = swarm.client()) {
            client.say(
                    "POST /containers/create?name=gone HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + SETTINGS.length()
                            + "\r\n\r\n"
                            + SETTINGS);
            Await.until(
                    "a pull",
                    () ->
                            swarm.engines().stream()
                                    .anyMatch(engine -> !engine.creates().pulls().isEmpty()));
        }
        Await.until(
                "the name is free again or used",
                () ->
                        swarm.names().contains("gone")
                                || swarm.post("/containers/create?name=gone", SETTINGS).statusCode()
                                        == 201);
        swarm.ledgersEqualEngines();
    }

    @Test
    void ofTwoRenamesToOneNameOneWins() throws Exception {
        create("a", new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        create("b", new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        for (int round = 0; round < 5; round++) {
            String name = "same" + round;
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> renames = new ArrayList<>();
                for (String id : ids()) {
                    renames.add(
                            clients.submit(
                                    () ->
                                            swarm.post(
                                                            "/containers/"
                                                                    + id
                                                                    + "/rename?name="
                                                                    + name,
                                                            "")
                                                    .statusCode()));
                }
                for (Future<Integer> rename : renames) {
                    statuses.add(rename.get());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(204, 409);
            assertThat(swarm.names()).contains(name).doesNotHaveDuplicates();
        }
    }

    private List<String> ids() {
        return swarm.engines().stream()
                .flatMap(engine -> engine.containers().stream())
                .map(FakeContainer::id)
                .toList();
    }

    @Test
    void aPathThatIsMissingMustExistOnTheNode() throws Exception {
        for (FakeEngine engine : swarm.engines()) {
            engine.answers(
                    "/containers/create",
                    400,
                    "{\"message\":\"invalid mount config for type \\\"bind\\\": bind source path does not exist: /html\"}");
        }

        HttpResponse<String> refused = swarm.post("/containers/create?name=web", SETTINGS);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .containsPattern(
                        "bind source path does not exist: /html; the path must exist on node-[0-3], it is not copied from your computer");
    }
}
