package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeCreates.Fault;
import dev.machine.swarm.testing.FakeEngine;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of {@code /volumes} over engines of three ages. */
@Timeout(60)
class VolumeCallsTest extends VolumesOverThreeEngines {
    @Test
    void aNewVolumeIsMadeOnOneNodeAndHasItsPlainName() throws Exception {
        ready();
        HttpResponse<String> made = create("data");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(JSON.readTree(made.body()).path("Name").asText()).isEqualTo("data");
        assertThat(holders("data")).hasSize(1);
        assertThat(names("")).containsExactly("data");
        HttpResponse<String> found = swarm.get("/volumes/data");
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).isEqualTo(made.body());
        assertThat(swarm.delete("/volumes/data").statusCode()).isEqualTo(204);
        answered(404, swarm.get("/volumes/data"), "get data: no such volume");
        assertThat(holders("data")).isEmpty();
    }

    @Test
    void anUnnamedVolumeGetsANameOfItsEngine() throws Exception {
        ready();
        String first = JSON.readTree(create("").body()).path("Name").asText();
        String second = JSON.readTree(create("").body()).path("Name").asText();
        assertThat(first).matches("[0-9a-f]{64}").isNotEqualTo(second);
        assertThat(names("")).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void anExistingVolumeIsAnsweredByItsNode() throws Exception {
        two.volumes().createWith("data", "{\"Labels\":{\"old\":\"1\"}}");
        ready();
        HttpResponse<String> answer = create("data");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).contains("\"old\":\"1\"");
        assertThat(holders("data")).containsExactly(two);
    }

    @Test
    void aVolumeWithANodeIsMadeExactlyThere() throws Exception {
        two.volumes().create("data");
        ready();
        HttpResponse<String> answer = create("node-3/data");
        assertThat(JSON.readTree(answer.body()).path("Name").asText()).isEqualTo("data");
        assertThat(holders("data")).containsExactly(two, three);
        assertThat(three.volumes().volume("data").path("Labels").toString())
                .doesNotContain(UNPLACED);
        three.die();
        Await.until("node-3 lost", () -> swarm.info().contains("Unhealthy"));
        answered(503, create("node-3/other"), "node node-3 does not answer");
    }

    @Test
    void aVolumeOfANodeThatDoesNotAnswerIsNotCalledMissing() throws Exception {
        one.volumes().create("near");
        two.volumes().create("data");
        ready();
        two.die();
        Await.until("node-2 lost", () -> swarm.info().contains("Unhealthy"));
        answered(503, swarm.get("/volumes/data"), "volume data is on node-2, which does not");
        answered(503, create("data"), "volume data is on node-2, which does not answer");
        answered(503, swarm.delete("/volumes/data"), "node-2 does not answer");
        assertThat(names("")).containsExactly("near");
        assertThat(holders("data")).containsExactly(two);
    }

    @Test
    void aVolumeOfANodeThatAnswersForTheFirstTimeIsNotMadeAgain() throws Exception {
        two.volumes().create("data");
        swarm.startUnready("spread");
        assertThat(create("data").statusCode()).isEqualTo(201);
        assertThat(holders("data")).containsExactly(two);
    }

    @Test
    void aVolumeInUseStaysAndAMissingOneMayBeForced() throws Exception {
        ready();
        swarm.post(
                "/containers/create?name=a",
                "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\"data:/d\"]}}");
        answered(409, swarm.delete("/volumes/data"), "remove data: volume is in use");
        assertThat(names("")).containsExactly("data");
        answered(404, swarm.delete("/volumes/none"), "get none: no such volume");
        assertThat(swarm.delete("/volumes/none?force=1").statusCode()).isEqualTo(204);
    }

    @Test
    void createsOfOneNewNameAtOnceMakeOneVolume() throws Exception {
        ready();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                String volume = "v" + round;
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    answers.add(clients.submit(() -> create(volume)));
                    String container = volume + "-" + i;
                    answers.add(
                            clients.submit(
                                    () ->
                                            swarm.post(
                                                    "/containers/create?name=" + container,
                                                    "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\""
                                                            + volume
                                                            + ":/d\"]}}")));
                }
                for (Future<HttpResponse<String>> answer : answers) {
                    assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(201);
                }
                assertThat(holders(volume)).hasSize(1);
            }
        }
    }

    @Test
    void aNodeThatCannotMakeTheVolumeIsPassedOver() throws Exception {
        ready();
        one.volumes().fail(Fault.REFUSE);
        two.volumes().fail(Fault.REFUSE);
        assertThat(create("a").statusCode()).isEqualTo(201);
        assertThat(create("b").statusCode()).isEqualTo(201);
        assertThat(create("c").statusCode()).isEqualTo(201);
        assertThat(names("")).containsExactly("a", "b", "c");
        swarm.engines().forEach(engine -> engine.volumes().fail(Fault.REFUSE, Fault.REFUSE));
        answered(500, create("d"), "no space left on device");
    }

    @Test
    void anAnswerThatBreaksOffLeavesOneVolume() throws Exception {
        ready();
        swarm.engines().forEach(engine -> engine.volumes().fail(Fault.CUT_AFTER));
        HttpResponse<String> answer = create("data");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(holders("data")).hasSize(1);
    }

    @Test
    void aNodeThatDiesWhileItMakesAVolumeKeepsTheNameUntilItAnswers() throws Exception {
        ready();
        swarm.engines().forEach(engine -> engine.volumes().fail(Fault.DIE_AFTER));
        answered(504, create("data"), "the name is kept for that node until it answers");
        FakeEngine dead = holders("data").getFirst();
        swarm.engines().forEach(engine -> engine.volumes().forgive());
        // 503 if its event came before its end.
        HttpResponse<String> meanwhile = create("data");
        assertThat(meanwhile.statusCode()).isIn(409, 503);
        assertThat(meanwhile.body()).contains("volume data is on " + dead.name());
        dead.start();
        Await.until("node is back", () -> !swarm.info().contains("Unhealthy"));
        assertThat(create("data").statusCode()).isEqualTo(201);
        assertThat(holders("data")).containsExactly(dead);
    }

    @Test
    void theVolumesOfAComposeProjectAreMadeWhereTheProjectIs() throws Exception {
        ready();
        String labels = "\"Labels\":{\"com.docker.compose.project\":\"p\"}";
        swarm.post(
                "/containers/create?name=web",
                "{\"Image\":\"x\",\"Env\":[\"constraint:node==node-3\"]," + labels + "}");
        for (int i = 0; i < 5; i++) {
            swarm.post("/volumes/create", "{\"Name\":\"p_" + i + "\"," + labels + "}");
        }
        assertThat(three.volumes().names()).hasSize(5);
        create("other");
        assertThat(holders("other")).doesNotContain(three);
    }

    @Test
    void volumesWithoutContainersOfTheirProjectStayTogether() throws Exception {
        ready();
        String labels = "\"Labels\":{\"com.docker.compose.project\":\"p\"}";
        for (int i = 0; i < 8; i++) {
            swarm.post("/volumes/create", "{\"Name\":\"p_" + i + "\"," + labels + "}");
        }
        assertThat(holders("p_0").getFirst().volumes().names()).hasSize(8);
    }
}
