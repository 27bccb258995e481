package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeCreates.Fault;
import dev.machine.swarm.testing.FakeEngine;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a node needs of volumes before its container is made: Compose makes volumes before it tells
 * where their containers can run, so an empty one moves; a shared one is made where it is needed.
 */
@Timeout(60)
class UnplacedVolumesTest extends OverThreeEngines {
    @BeforeEach
    void start() {
        one.platform("arm64", "aarch64", "");
        two.platform("amd64", "x86_64", "");
        three.platform("arm64", "aarch64", "");
        ready();
    }

    private FakeEngine engine(String name) {
        return swarm.engines().stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private FakeEngine home(String volume) {
        assertThat(holders(volume)).hasSize(1);
        return holders(volume).getFirst();
    }

    private FakeEngine volume(String settings) throws Exception {
        HttpResponse<String> answer = swarm.post("/volumes/create", settings);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return home(JSON.readTree(answer.body()).path("Name").asText());
    }

    private HttpResponse<String> container(String name, String constraint, String... binds)
            throws Exception {
        return swarm.post(
                "/containers/create?name=" + name,
                "{\"Image\":\"x\",\"Env\":[\"constraint:"
                        + constraint
                        + "\"],\"HostConfig\":{\"Binds\":[\""
                        + String.join("\",\"", binds)
                        + "\"]}}");
    }

    private static void made(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void anEmptyVolumeGoesWhereItsContainerMustGo() throws Exception {
        FakeEngine first = volume("{\"Name\":\"data\",\"Labels\":{\"project\":\"p\"}}");
        JsonNode before = first.volumes().volume("data");
        made(container("db", "node!=" + first.name(), "data:/d"));
        FakeEngine second = home("data");
        assertThat(second).isNotSameAs(first);
        assertThat(second.volumes().volume("data").path("Labels")).isEqualTo(before.path("Labels"));
        assertThat(second.containers()).extracting(FakeContainer::name).containsExactly("db");
        answered(500, container("late", "node==" + first.name(), "data:/d"), "volume data is on");
    }

    @Test
    void aDatabaseForOnePlatformHasItsVolumeWithIt() throws Exception {
        volume("{\"Name\":\"data\"}");
        while (home("data").name().equals("node-2")) {
            swarm.delete("/volumes/data");
            volume("{\"Name\":\"data\"}");
        }
        made(
                swarm.post(
                        "/containers/create?name=db&platform=linux/amd64",
                        "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\"data:/d\"]}}"));
        assertThat(home("data").name()).isEqualTo("node-2");
        assertThat(home("data").containers()).hasSize(1);
    }

    @Test
    void onlyAContainerThatFitsNowhereElseHasVolumesMeasured() throws Exception {
        FakeEngine home = volume("{\"Name\":\"data\"}");
        made(container("db", "node==node-*", "data:/d"));
        assertThat(home.containers()).hasSize(1);
        assertThat(swarm.engines())
                .allSatisfy(
                        engine ->
                                assertThat(engine.calls())
                                        .noneMatch(call -> call.contains("/system/df")));
    }

    @Test
    void oldEnginesAreAskedForAllUsageAndNewOnesForVolumesOnly() throws Exception {
        for (FakeEngine home : swarm.engines()) {
            String name = "on-" + home.name();
            home.volumes()
                    .createWith(
                            name, "{\"Labels\":{\"com.docker.swarm.volume.unplaced\":\"true\"}}");
            Await.until("it is known", () -> swarm.get("/volumes/" + name).statusCode() == 200);
            made(container(name, "node!=" + home.name(), name + ":/d"));
        }
        assertThat(measured("node-1")).containsExactly("GET /v1.41/system/df");
        assertThat(measured("node-2")).containsExactly("GET /v1.51/system/df?type=volume");
        assertThat(measured("node-3")).containsExactly("GET /v1.51/system/df?type=volume");
    }

    @Test
    void containersThatNeedTheSameNodeMeasuredAtOnceShareTheAnswer() throws Exception {
        String label = "{\"Labels\":{\"com.docker.swarm.volume.unplaced\":\"true\"}}";
        engine("node-1").volumes().measuringTakes(300);
        for (int i = 0; i < 4; i++) {
            engine("node-1").volumes().createWith("v" + i, label);
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "v" + i;
                answers.add(clients.submit(() -> container(name, "node!=node-1", name + ":/d")));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                made(answer.get());
            }
        }
        assertThat(engine("node-1").volumes().names()).isEmpty();
    }

    private List<String> measured(String node) {
        return engine(node).calls().stream().filter(call -> call.contains("/system/df")).toList();
    }

    @Test
    void aVolumeWithDataStaysAndTheRefusalNamesVolumeNodeAndFilter() throws Exception {
        FakeEngine home = volume("{\"Name\":\"data\"}");
        home.volumes().holds("data", 1);
        answered(
                500,
                container("db", "node!=" + home.name(), "data:/d"),
                "volume data is on " + home.name(),
                "node!=" + home.name() + " does not hold");
        assertThat(home("data")).isSameAs(home);
        home.volumes().holds("data", 0);
        made(container("user", "node==" + home.name(), "data:/d"));
        answered(500, container("db", "node!=" + home.name(), "data:/d"), "volume data is on");
        assertThat(home("data")).isSameAs(home);
    }

    @Test
    void aVolumeThatAContainerTakesMeanwhileStays() throws Exception {
        FakeEngine home = volume("{\"Name\":\"data\"}");
        home.volumes().busy("data");
        answered(
                409,
                container("db", "node!=" + home.name(), "data:/d"),
                "volume data cannot be moved from node " + home.name(),
                "volume is in use");
        assertThat(home("data")).isSameAs(home);
        assertThat(swarm.names()).isEmpty();
    }

    @Test
    void volumesThatWereMadeOnTwoNodesComeTogether() throws Exception {
        made(swarm.post("/volumes/create", "{\"Name\":\"node-1/bound\"}"));
        FakeEngine home = volume("{\"Name\":\"a\"}");
        for (int i = 0; home.name().equals("node-1"); i++) {
            swarm.delete("/volumes/a");
            home = volume("{\"Name\":\"a\"}");
        }
        made(container("db", "node==node-*", "a:/a", "bound:/b"));
        assertThat(home("a").name()).isEqualTo("node-1");
        assertThat(home("bound").name()).isEqualTo("node-1");
    }

    @Test
    void aVolumeWithANodeOrWithOptionsNeverMoves() throws Exception {
        made(swarm.post("/volumes/create", "{\"Name\":\"node-2/named\"}"));
        FakeEngine options =
                volume(
                        "{\"Name\":\"options\",\"DriverOpts\":{\"type\":\"tmpfs\",\"o\":\"size=1m\"}}");
        answered(500, container("a", "node!=node-2", "named:/d"), "volume named is on node-2");
        answered(500, container("b", "node!=" + options.name(), "options:/d"), "volume options");
    }

    @Test
    void ifTheNewNodeCannotMakeTheVolumeItComesToAnother() throws Exception {
        FakeEngine home = volume("{\"Name\":\"data\",\"Labels\":{\"project\":\"p\"}}");
        List<FakeEngine> others =
                swarm.engines().stream().filter(engine -> engine != home).toList();
        others.forEach(engine -> engine.volumes().fail(Fault.REFUSE));
        answered(500, container("db", "node!=" + home.name(), "data:/d"), "no space left");
        assertThat(home("data")).isSameAs(home);
        assertThat(home.volumes().volume("data").path("Labels").path("project").asText())
                .isEqualTo("p");
        others.getFirst().volumes().fail(Fault.REFUSE);
        made(container("db", "node!=" + home.name(), "data:/d"));
        assertThat(others).contains(home("data"));
    }

    @Test
    void theVolumeFollowsIfTheNewNodeCannotMakeTheContainer() throws Exception {
        FakeEngine home = volume("{\"Name\":\"data\"}");
        List<FakeEngine> others =
                swarm.engines().stream().filter(engine -> engine != home).toList();
        others.forEach(engine -> engine.creates().fail(Fault.REFUSE));
        answered(500, container("db", "node!=" + home.name(), "data:/d"), "no space left");
        others.getFirst().creates().fail(Fault.REFUSE);
        made(container("db", "node!=" + home.name(), "data:/d"));
        assertThat(home("data").containers()).hasSize(1);
    }

    @Test
    void containersThatPullAVolumeApartDoNotMakeItTwice() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 15; round++) {
                String volume = "v" + round;
                FakeEngine home = volume("{\"Name\":\"" + volume + "\"}");
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (FakeEngine engine : swarm.engines()) {
                    String name = volume + "-" + engine.name();
                    answers.add(
                            clients.submit(
                                    () ->
                                            container(
                                                    name,
                                                    "node==" + engine.name(),
                                                    volume + ":/d")));
                }
                int created = 0;
                for (Future<HttpResponse<String>> answer : answers) {
                    created += answer.get().statusCode() == 201 ? 1 : 0;
                }
                assertThat(holders(volume)).as("%s was on %s", volume, home.name()).hasSize(1);
                assertThat(created).isEqualTo(1);
            }
        }
    }

    @Test
    void anNfsVolumeIsMadeWithItsOptionsOnEachNodeThatNeedsIt() throws Exception {
        String settings =
                "{\"Name\":\"nfs\",\"Driver\":\"local\",\"Labels\":{\"a\":\"b\"},\"DriverOpts\":"
                        + "{\"type\":\"nfs\",\"o\":\"addr=10.0.0.9,rw\",\"device\":\":/srv\"}}";
        FakeEngine home = volume(settings);
        for (FakeEngine engine : swarm.engines()) {
            made(container("on-" + engine.name(), "node==" + engine.name(), "nfs:/d"));
            JsonNode there = engine.volumes().volume("nfs");
            assertThat(there.path("Options"))
                    .isEqualTo(home.volumes().volume("nfs").path("Options"));
            assertThat(there.path("Labels").toString()).isEqualTo("{\"a\":\"b\"}");
        }
        assertThat(JSON.readTree(swarm.get("/volumes").body()).path("Volumes")).hasSize(1);
    }

    @Test
    void aVolumeThatItsLabelCallsSharedIsMadeOnEachNodeThatNeedsIt() throws Exception {
        volume("{\"Name\":\"media\",\"Labels\":{\"machine.volume.shared\":\"true\"}}");
        for (FakeEngine engine : swarm.engines()) {
            made(container("on-" + engine.name(), "node==" + engine.name(), "media:/d"));
            assertThat(engine.volumes().volume("media").path("Labels").toString())
                    .isEqualTo("{\"machine.volume.shared\":\"true\"}");
        }
        assertThat(engine("node-1").volumes().names()).containsExactly("media");
    }

    @Test
    void aNodeThatCannotMakeASharedVolumeIsPassedOver() throws Exception {
        FakeEngine home = volume("{\"Name\":\"nfs\",\"DriverOpts\":{\"type\":\"nfs\"}}");
        List<FakeEngine> others =
                swarm.engines().stream().filter(engine -> engine != home).toList();
        others.getFirst().volumes().fail(Fault.REFUSE);
        made(container("a", "node!=" + home.name(), "nfs:/d"));
        made(container("b", "node!=" + home.name(), "nfs:/d"));
        others.forEach(engine -> engine.volumes().fail(Fault.REFUSE));
        assertThat(swarm.names()).containsExactlyInAnyOrder("a", "b");
    }
}
