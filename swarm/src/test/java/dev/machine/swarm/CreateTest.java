package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.MachineException;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeCreates.Fault;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CreateTest {
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
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String query, String settings) throws Exception {
        return swarm.post("/v1.43/containers/create" + query, settings);
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("message").asText();
    }

    @Test
    void aContainerIsFoundByIdAndNameRightAfterItsCreate() throws Exception {
        HttpResponse<String> made = create("?name=web", "{\"Image\":\"nginx\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode answer = JSON.readTree(made.body());
        assertThat(answer.path("Warnings").get(0).asText()).isEqualTo("as told");
        String id = answer.path("Id").asText();
        assertThat(swarm.post("/containers/" + id + "/start", "").statusCode()).isEqualTo(204);
        assertThat(swarm.get("/containers/web/json").statusCode()).isEqualTo(200);
        assertThat(swarm.get("/containers/json").body()).contains("/web\"", "\"running\"");
    }

    @Test
    void createAndStartCostAnEngineThreeCallsAndNoFullList() throws Exception {
        for (int i = 0; i < 20; i++) {
            String made = create("?name=web" + i, "{\"Image\":\"nginx\"}").body();
            String id = JSON.readTree(made).path("Id").asText();
            assertThat(swarm.post("/containers/" + id + "/start", "").statusCode()).isEqualTo(204);
        }
        assertThat(swarm.get("/containers/json").body()).contains("/web19\"");
        List<String> calls = new ArrayList<>();
        for (FakeEngine engine : List.of(one, two)) {
            List<String> all = engine.calls();
            int first = all.stream().map(call -> call.contains("/create?")).toList().indexOf(true);
            all.subList(first, all.size()).stream()
                    .filter(call -> call.contains("/containers/"))
                    .forEach(calls::add);
        }
        assertThat(calls).noneMatch(call -> call.endsWith("containers/json?all=1"));
        // A list that runs at the same time may show a container before its create is answered;
        // then it
        // is inspected once more.
        assertThat(calls)
                .filteredOn(call -> call.matches("GET .*/containers/[0-9a-f]{64}/json"))
                .hasSizeLessThan(5);
        assertThat(calls).hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void unknownFieldsAndExactNumbersReachTheEngine() throws Exception {
        create(
                "?name=web",
                "{\"Image\":\"nginx\",\"Later\":1.10,\"Env\":[\"constraint:node==node-1\",\"A=b\"]}");
        FakeContainer made = one.containers().iterator().next();
        assertThat(made.settings().path("Later").asText()).isEqualTo("1.1");
        assertThat(made.settings().path("Env")).hasSize(1);
        JsonNode labels = made.settings().path("Labels");
        assertThat(labels.path("com.docker.swarm.id").asText()).hasSize(64);
        assertThat(labels.path("com.docker.swarm.constraints").asText())
                .isEqualTo("[\"node==node-1\"]");
    }

    @Test
    void eachEngineIsSpokenToInAVersionItSupports() throws Exception {
        create("?name=a", "{\"Image\":\"nginx\"}");
        create("?name=b", "{\"Image\":\"nginx\"}");
        assertThat(one.calls()).contains("POST /v1.41/containers/create?name=" + name(one));
        assertThat(two.calls()).contains("POST /v1.44/containers/create?name=" + name(two));
    }

    private static String name(FakeEngine engine) {
        return engine.containers().iterator().next().name();
    }

    @Test
    void aRefusalIsClassicSwarmsMessageThenTheReasonOfEachNode() throws Exception {
        String settings =
                "{\"Image\":\"nginx\",\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"80\"}]}}}";
        create("?name=web_1", settings);
        create("?name=web_2", settings);
        HttpResponse<String> third = create("?name=web_3", settings);
        assertThat(third.statusCode()).isEqualTo(500);
        assertThat(message(third))
                .isEqualTo(
                        "Unable to find a node that satisfies the following conditions\n"
                                + "[port 80 (Bridge mode)]\n"
                                + "node-1: port 80/tcp is taken by "
                                + name(one)
                                + "\nnode-2: port 80/tcp is taken by "
                                + name(two));
        assertThat(swarm.delete("/containers/web_1").statusCode()).isEqualTo(204);
        assertThat(create("?name=web_1", settings).statusCode()).isEqualTo(201);
    }

    @Test
    void aNameThatIsTakenOnAnyNodeIsRefused() throws Exception {
        create("?name=web", "{\"Image\":\"nginx\"}");
        HttpResponse<String> second = create("?name=web", "{\"Image\":\"nginx\"}");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(message(second)).contains("\"/web\" is already in use", "on node node-");
    }

    @Test
    void badExpressionsAreRefusedWithClassicSwarmsMessages() throws Exception {
        HttpResponse<String> bad =
                create("", "{\"Image\":\"nginx\",\"Env\":[\"constraint:node=x\"]}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(message(bad)).isEqualTo("One of operator ==, != is expected");
    }

    @Test
    void aContainerWithoutANameGetsOneThatIsFreeOnAllNodes() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(create("", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        }
        assertThat(swarm.names()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void dependenciesBindToTheirNodeAndLoseTheNodeInTheirName() throws Exception {
        create("?name=db", "{\"Image\":\"mysql\"}");
        FakeEngine home = one.containers().isEmpty() ? two : one;
        String node = home == one ? "node-1" : "node-2";
        for (int i = 0; i < 3; i++) {
            create(
                    "?name=app" + i,
                    "{\"Image\":\"app\",\"HostConfig\":{\"Links\":[\""
                            + node
                            + "/db:sql\"],\"VolumesFrom\":[\"db:ro\"]}}");
        }
        assertThat(home.containers()).hasSize(4);
        assertThat(home.containers())
                .filteredOn(container -> container.name().equals("app0"))
                .allSatisfy(
                        container ->
                                assertThat(container.settings().path("HostConfig").toString())
                                        .contains("[\"db:sql\"]", "[\"db:ro\"]"));
        HttpResponse<String> lost =
                create("", "{\"Image\":\"app\",\"HostConfig\":{\"Links\":[\"nothing:x\"]}}");
        assertThat(message(lost)).contains("[--link=nothing:x]");
    }

    @Test
    void anotherNodeIsTriedWhenOneFails() throws Exception {
        one.creates().fail(Fault.REFUSE);
        two.creates().fail(Fault.REFUSE);
        HttpResponse<String> made = create("?name=web", "{\"Image\":\"nginx\"}");
        assertThat(made.statusCode()).isEqualTo(500);
        assertThat(message(made)).contains("no space left on device");
        assertThat(create("?name=web", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        one.creates().fail(Fault.REFUSE);
        assertThat(create("?name=web2", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        assertThat(create("?name=web3", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        swarm.ledgersEqualEngines();
    }

    @Test
    void aBrokenAnswerIsResolvedByLabel() throws Exception {
        for (FakeEngine engine : List.of(one, two)) {
            engine.creates().fail(Fault.CUT_AFTER);
        }
        HttpResponse<String> made = create("?name=web", "{\"Image\":\"nginx\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(swarm.names()).containsExactly("web");
        swarm.ledgersEqualEngines();
    }

    @Test
    void aBrokenRequestIsTriedElsewhere() throws Exception {
        for (FakeEngine engine : List.of(one, two)) {
            engine.creates().fail(Fault.CUT_BEFORE);
        }
        create("?name=web", "{\"Image\":\"nginx\"}");
        assertThat(create("?name=again", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        swarm.ledgersEqualEngines();
    }

    @Test
    void nameAndReservationAreKeptUntilALostNodeIsBack() throws Exception {
        for (FakeEngine engine : List.of(one, two)) {
            engine.creates().fail(Fault.DIE_AFTER);
        }
        HttpResponse<String> made =
                create("?name=web", "{\"Image\":\"nginx\",\"HostConfig\":{\"Memory\":1048576}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(504);
        assertThat(create("?name=web", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(409);
        assertThat(swarm.info()).contains("Reserved Memory: 1 MiB");
        for (FakeEngine engine : List.of(one, two)) {
            if (!engine.containers().isEmpty()) {
                engine.start();
            }
        }
        Await.until("back", () -> !swarm.info().contains("Unhealthy"));
        Await.until("known", () -> swarm.get("/containers/web/json").statusCode() == 200);
        swarm.ledgersEqualEngines();
    }

    @Test
    void aMissingImageIsPulledOnceAndTheContainerIsCreated() throws Exception {
        one.creates().needImages("");
        two.creates().needImages("");
        assertThat(create("?name=a", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        assertThat(create("?name=b", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        assertThat(one.creates().pulls()).hasSize(1).containsValue(1);
        assertThat(two.creates().pulls()).hasSize(1).containsValue(1);
    }

    @Test
    void aRefusedPullIs404SoThatTheClientPullsItself() throws Exception {
        for (FakeEngine engine : List.of(one, two)) {
            engine.creates().needImages("pull access denied for secret, repository does not exist");
        }
        HttpResponse<String> answer = create("", "{\"Image\":\"secret\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(message(answer)).isEqualTo("No such image: secret:latest");
        swarm.ledgersEqualEngines();
    }

    /** The Hub's limit counts by address, so another node of the rack would only add to it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "toomanyrequests: You have reached your unauthenticated pull rate limit.",
                "error from registry: unexpected status: 429 Too Many Requests"
            })
    void aRateLimitOfTheRegistryIsSaidAndNoOtherNodePulls(String sentence) throws Exception {
        one.creates().needImages(sentence);
        two.creates().needImages(sentence);
        HttpResponse<String> answer = create("", "{\"Image\":\"nginx\"}");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(message(answer)).isEqualTo(sentence);
        assertThat(one.creates().pulls().size() + two.creates().pulls().size()).isEqualTo(1);
        two.image("sha256:1234", "nginx:latest", 1);
        Await.until("it is listed", () -> swarm.get("/images/json").body().contains("1234"));
        assertThat(create("", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        swarm.ledgersEqualEngines();
    }

    @Test
    void anImageThatCannotBePulledIsUsedOnANodeThatHasIt() throws Exception {
        one.creates().needImages("dial tcp: connection refused");
        two.creates().needImages("dial tcp: connection refused");
        two.image("sha256:1234", "built:1", 1);
        for (int i = 0; i < 3; i++) {
            assertThat(create("", "{\"Image\":\"built:1\"}").statusCode()).isEqualTo(201);
        }
        assertThat(two.containers()).hasSize(3);
    }

    @Test
    void aContainerThatSharesANetworkOrProcessesGoesToTheSameNode() throws Exception {
        create("?name=db", "{\"Image\":\"mysql\"}");
        FakeEngine home = one.containers().isEmpty() ? two : one;
        for (String mode : List.of("NetworkMode", "PidMode", "IpcMode")) {
            String settings =
                    "{\"Image\":\"app\",\"HostConfig\":{\"" + mode + "\":\"container:db\"}}";
            assertThat(create("?name=" + mode, settings).statusCode()).isEqualTo(201);
        }
        assertThat(home.containers()).hasSize(4);
    }

    @Test
    void anImageForAnotherArchitectureIsNeverTriedAndTheRefusalSaysWhy() throws Exception {
        HttpResponse<String> refused =
                create("?platform=linux/s390x&name=web", "{\"Image\":\"nginx\"}");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(message(refused))
                .contains("[image nginx]", "node-1", "node-2", "s390x")
                .startsWith("Unable to find a node that satisfies the following conditions");
        assertThat(create("?name=web", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(201);
        assertThat(create("?platform=banana", "{\"Image\":\"nginx\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void anUnknownStrategyIsOneSentenceAtTheStart() {
        assertThatThrownBy(() -> swarm.second("fair"))
                .isInstanceOf(MachineException.class)
                .hasMessage("there is no strategy fair");
    }
}
