package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeCreates;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What engines of older versions cannot do is done in another way, or said. E12, E13 and so on are
 * requirements of a list of what Docker's API asks of an endpoint over mixed engines.
 */
@Timeout(60)
class OlderEnginesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ON_OLD = "'Env':['constraint:node==old'],";

    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine old;
    private FakeEngine current;
    private FakeEngine next;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        old = swarm.engine("old", "1.12", "1.41");
        current = swarm.engine("current", "1.44", "1.51");
        next = swarm.engine("next", "1.40", "1.57");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String version, String name, String settings)
            throws Exception {
        return swarm.post(
                "/v" + version + "/containers/create?name=" + name,
                ("{'Image':'web'," + settings + "}").replace('\'', '"'));
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("message").asText();
    }

    private static JsonNode settings(FakeEngine engine, String name) {
        return engine.containers().stream()
                .filter(container -> container.name().equals(name))
                .map(FakeContainer::settings)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not on " + engine.name()));
    }

    private JsonNode networks(String name) throws Exception {
        return JSON.readTree(swarm.get("/containers/" + name + "/json").body())
                .path("NetworkSettings")
                .path("Networks");
    }

    /** E13: a setting goes to an engine that knows it; the refusal names it and both versions. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1.42|BindOptions.CreateMountpoint|'HostConfig':{'Mounts':[{'Type':'bind','Source':'/s','Target':'/d','BindOptions':{'CreateMountpoint':true}}]}",
                "1.43|Annotations|'HostConfig':{'Annotations':{'a':'b'}}",
                "1.44|BindOptions.ReadOnlyForceRecursive|'HostConfig':{'Mounts':[{'Type':'bind','Source':'/s','Target':'/d','BindOptions':{'ReadOnlyForceRecursive':true}}]}",
                "1.44|a MacAddress for each network|'HostConfig':{'NetworkMode':'front'},'NetworkingConfig':{'EndpointsConfig':{'front':{},'side':{'MacAddress':'02:42:00:00:00:07'}}}",
                "1.45|VolumeOptions.Subpath|'HostConfig':{'Mounts':[{'Type':'volume','Source':'v','Target':'/d','VolumeOptions':{'Subpath':'s'}}]}",
                "1.46|TmpfsOptions.Options|'HostConfig':{'Mounts':[{'Type':'tmpfs','Target':'/d','TmpfsOptions':{'Options':[['exec']]}}]}",
                "1.46|com.docker.network.endpoint.sysctls|'NetworkingConfig':{'EndpointsConfig':{'front':{'DriverOpts':{'com.docker.network.endpoint.sysctls':'x'}}}}",
                "1.49|com.docker.network.endpoint.ifname|'NetworkingConfig':{'EndpointsConfig':{'front':{'DriverOpts':{'com.docker.network.endpoint.ifname':'x'}}}}",
                "1.48|mounts of type image|'HostConfig':{'Mounts':[{'Type':'image','Source':'i','Target':'/d'}]}",
                "1.48|GwPriority|'NetworkingConfig':{'EndpointsConfig':{'front':{'GwPriority':7}}}"
            })
    void e13WhatAnOldEngineWouldIgnoreGoesElsewhere(String since, String setting, String settings)
            throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(create("1.51", "c" + i, settings).statusCode()).isEqualTo(201);
        }
        assertThat(old.containers()).isEmpty();

        HttpResponse<String> refused = create("1.51", "x", ON_OLD + settings);
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(message(refused))
                .contains("[" + setting + " (API " + since + ")]")
                .contains(
                        "\nold: its Docker is too old for "
                                + setting
                                + ": it needs API "
                                + since
                                + ", the node speaks up to 1.41");
    }

    /** E13: an engine ignores these of a client that does not know them. */
    @Test
    void e13AnOlderClientGetsWhatItsVersionMeans() throws Exception {
        String priority = "'NetworkingConfig':{'EndpointsConfig':{'front':{'GwPriority':7}}}";
        assertThat(create("1.47", "x", ON_OLD + priority).statusCode()).isEqualTo(201);
    }

    /** E13: StartInterval may be lost, and what is false, empty or 0 asks for nothing. */
    @Test
    void e13WhatChangesNothingBindsToNoEngine() throws Exception {
        String nothing =
                "'Healthcheck':{'StartInterval':1000000000},"
                        + "'NetworkingConfig':{'EndpointsConfig':{'front':{'GwPriority':0}}},"
                        + "'HostConfig':{'Annotations':{},'NetworkMode':'front','Mounts':[{'Type':'bind',"
                        + "'Source':'/s','Target':'/d','BindOptions':{'CreateMountpoint':false},"
                        + "'VolumeOptions':{'Subpath':''}}]}";
        assertThat(create("1.51", "x", ON_OLD + nothing).statusCode()).isEqualTo(201);
    }

    private static final String THREE_NETWORKS =
            ON_OLD
                    + "'HostConfig':{'NetworkMode':'side'},'NetworkingConfig':{'EndpointsConfig':{"
                    + "'front':{'Aliases':['www'],'IPAMConfig':{'IPv4Address':'172.18.0.9'}},"
                    + "'side':{'Aliases':['web'],'MacAddress':'02:42:00:00:00:07'},'yard':{}}}";

    private void threeNetworks() throws Exception {
        for (String name : List.of("front", "side", "yard")) {
            swarm.post("/networks/create", "{\"Name\":\"" + name + "\"}");
        }
    }

    /** E12: created with the network of its mode, connected to the others. */
    @Test
    void e12AnOldEngineGetsTheOtherNetworksAfterTheCreate() throws Exception {
        threeNetworks();
        HttpResponse<String> answer = create("1.51", "web", THREE_NETWORKS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode sent = settings(old, "web");
        assertThat(sent.path("NetworkingConfig").path("EndpointsConfig").toString())
                .isEqualTo(
                        "{\"side\":{\"Aliases\":[\"web\"],\"MacAddress\":\"02:42:00:00:00:07\"}}");
        assertThat(sent.path("MacAddress").asText()).isEqualTo("02:42:00:00:00:07");
        assertThat(old.networks().count("connect")).isEqualTo(2);

        assertThat(swarm.post("/containers/web/start", "").statusCode()).isEqualTo(204);
        JsonNode networks = networks("web");
        assertThat(networks.properties()).hasSize(3);
        assertThat(networks.path("front").path("IPAddress").asText()).isEqualTo("172.18.0.9");
        assertThat(networks.path("front").path("Aliases").path(0).asText()).isEqualTo("www");
    }

    /** E12: Compose compares the networks in lists; their ids are known from the start on. */
    @Test
    void e12AListShowsAllNetworks() throws Exception {
        threeNetworks();
        create("1.51", "web", THREE_NETWORKS);
        assertThat(listed("web").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("front", "side", "yard");
        swarm.post("/containers/web/start", "");
        assertThat(Set.copyOf(listed("web").findValuesAsText("NetworkID")))
                .isEqualTo(idsOfNetworks());
    }

    private JsonNode listed(String name) throws Exception {
        for (JsonNode container : JSON.readTree(swarm.get("/containers/json?all=1").body())) {
            if (container.path("Names").path(0).asText().endsWith("/" + name)) {
                return container.path("NetworkSettings").path("Networks");
            }
        }
        throw new AssertionError(name + " is not listed");
    }

    private Set<String> idsOfNetworks() throws Exception {
        Set<String> ids = new HashSet<>();
        for (JsonNode network : JSON.readTree(swarm.get("/networks").body())) {
            if (Set.of("front", "side", "yard").contains(network.path("Name").asText())) {
                ids.add(network.path("Id").asText());
            }
        }
        return ids;
    }

    /** E12: the answer of the create is lost; the container that is found gets its networks. */
    @Test
    void e12AContainerWhoseAnswerWasLostIsConnectedToo() throws Exception {
        threeNetworks();
        old.creates().fail(FakeCreates.Fault.CUT_AFTER);
        HttpResponse<String> answer = create("1.51", "web", THREE_NETWORKS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(networks("web")).hasSize(3);
    }

    /** E12: a newer engine takes them all at once. */
    @Test
    void e12ANewerEngineIsAskedOnce() throws Exception {
        HttpResponse<String> answer =
                create("1.51", "web", THREE_NETWORKS.replace("node==old", "node==current"));
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(settings(current, "web").path("NetworkingConfig").path("EndpointsConfig"))
                .hasSize(3);
        assertThat(current.networks().count("connect")).isZero();
    }

    /** E12: the client's own version allows one network. */
    @Test
    void e12AnOlderClientIsRefusedAsByAnEngine() throws Exception {
        for (String node : List.of("old", "next")) {
            HttpResponse<String> refused =
                    create("1.43", "web", THREE_NETWORKS.replace("node==old", "node==" + node));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(message(refused))
                    .isIn(
                            "Container cannot be connected to network endpoints: front, side, yard",
                            "Container cannot be created with multiple network endpoints: front, side, yard");
        }
    }

    /** E12: nothing is left if a network cannot be connected, and the name is free again. */
    @Test
    void e12AFailureRemovesTheContainerAndIsTheAnswer() throws Exception {
        threeNetworks();
        old.networks().answers("connect", 403);
        HttpResponse<String> refused = create("1.51", "web", THREE_NETWORKS);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(message(refused)).isEqualTo("connect of networks fails");
        assertThat(old.containers()).isEmpty();
        assertThat(old.calls()).anyMatch(call -> call.matches("DELETE .*/containers/.*[?]v=1.*"));

        old.networks().answers(200);
        assertThat(create("1.51", "web", THREE_NETWORKS).statusCode()).isEqualTo(201);
        swarm.ledgersEqualEngines();
    }

    /** E12: the engine dies in between; the container is removed when it is back. */
    @Test
    void e12WhatALostEngineKeptIsRemovedWhenItIsBack() throws Exception {
        threeNetworks();
        old.networks().diesAt("connect");
        HttpResponse<String> lost = create("1.51", "web", THREE_NETWORKS);
        assertThat(lost.statusCode()).as(lost.body()).isIn(502, 504);
        assertThat(old.containers()).hasSize(1);

        old.start();
        Await.until("the container is gone", () -> old.containers().isEmpty());
        Await.until(
                "the name is free",
                () -> create("1.51", "web", THREE_NETWORKS).statusCode() == 201);
    }

    /** E14: a container-wide MAC address passes, because no client speaks 1.52 with us. */
    @Test
    void e14AMacAddressOfTheContainerPassesUpToTheVersionThatIsShown() throws Exception {
        String address = "'Env':['constraint:node==next'],'MacAddress':'02:42:00:00:00:07'";
        assertThat(create("1.51", "web", address).statusCode()).isEqualTo(201);
        assertThat(settings(next, "web").path("MacAddress").asText())
                .isEqualTo("02:42:00:00:00:07");
        assertThat(next.calls()).anyMatch(call -> call.startsWith("POST /v1.51/containers/create"));
        HttpResponse<String> refused = create("1.52", "x", address);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(message(refused))
                .isEqualTo("client version 1.52 is too new. Maximum supported API version is 1.51");
    }

    /** E15: the engine fills empty lists of bindings and warns; both reach the client. */
    @Test
    void e15EmptyPortBindingsAndTheEnginesWarningsPass() throws Exception {
        HttpResponse<String> answer =
                create("1.51", "web", "'HostConfig':{'PortBindings':{'80/tcp':[]}}");
        assertThat(JSON.readTree(answer.body()).path("Warnings").toString())
                .isEqualTo("[\"as told\"]");
        FakeEngine node =
                swarm.engines().stream()
                        .filter(engine -> !engine.containers().isEmpty())
                        .findFirst()
                        .orElseThrow();
        assertThat(settings(node, "web").path("HostConfig").path("PortBindings").toString())
                .isEqualTo("{\"80/tcp\":[]}");
    }

    /** E27: engines before 1.42 stop with the container's own signal. */
    @ParameterizedTest
    @CsvSource({"stop", "restart"})
    void e27ASignalThatWouldBeIgnoredIsRefused(String action) throws Exception {
        create("1.51", "web", ON_OLD + "'Tty':false");
        HttpResponse<String> refused =
                swarm.post("/v1.51/containers/web/" + action + "?signal=SIGINT&t=1", "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(message(refused))
                .isEqualTo(
                        "the Docker of node old ignores the signal of "
                                + action
                                + ": it needs API 1.42, the node speaks up to 1.41;"
                                + " send it with docker kill -s SIGINT web");
        assertThat(old.calls()).noneMatch(call -> call.contains("/" + action));
        for (String passes :
                List.of(
                        "/v1.51/containers/web/stop?signal=",
                        "/v1.41/containers/web/stop?signal=SIGINT")) {
            assertThat(swarm.post(passes, "").statusCode()).isEqualTo(204);
        }
    }

    /** E27: engines before 1.55 ignore devices in an update; newer ones are asked in 1.55. */
    @Test
    void e27AnUpdateOfDevicesActsOrIsRefused() throws Exception {
        String devices = "{\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/sda\",\"Rate\":1}]}";
        for (FakeEngine engine : List.of(old, current, next)) {
            String name = "on-" + engine.name();
            create("1.51", name, "'Env':['constraint:node==" + engine.name() + "']");
            String id = engine.containers().iterator().next().id();
            engine.says("/containers/" + id + "/update", out -> out.write('1'));
        }
        for (String node : List.of("old", "current")) {
            HttpResponse<String> refused =
                    swarm.post("/v1.51/containers/on-" + node + "/update", devices);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(message(refused))
                    .startsWith(
                            "the Docker of node "
                                    + node
                                    + " ignores BlkioDeviceReadBps in an update: it needs API 1.55,"
                                    + " the node speaks up to 1.");
        }
        assertThat(swarm.post("/v1.51/containers/on-next/update", devices).statusCode())
                .isEqualTo(200);
        assertThat(next.calls()).anyMatch(call -> call.matches("POST /v1.55/.*/update"));

        String none = "{\"Memory\":1048576,\"BlkioDeviceReadBps\":null,\"BlkioWeightDevice\":[]}";
        for (String body : List.of(none, "{", "")) {
            assertThat(swarm.post("/v1.51/containers/on-old/update", body).statusCode())
                    .isEqualTo(200);
        }
        assertThat(swarm.post("/v1.51/containers/on-next/update", none).statusCode())
                .isEqualTo(200);
        assertThat(next.calls()).anyMatch(call -> call.matches("POST /v1.51/.*/update"));
    }
}
