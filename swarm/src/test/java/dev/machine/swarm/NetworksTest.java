package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks of the whole swarm, over engines of different ages. */
@Timeout(120)
class NetworksTest extends OverThreeEngines {
    @BeforeEach
    void start() {
        ready();
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = swarm.get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode post(String path, String body, int status) throws Exception {
        HttpResponse<String> answer = swarm.post(path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    }

    private String network(String name, String more) throws Exception {
        return post("/networks/create", "{'Name':'" + name + "'" + more + "}", 201)
                .path("Id")
                .asText();
    }

    private String create(String name, String network, String more) throws Exception {
        return post(
                        "/containers/create?name=" + name,
                        "{'Image':'x','HostConfig':{'NetworkMode':'"
                                + network
                                + "'},'NetworkingConfig':{'EndpointsConfig':{'"
                                + network
                                + "':{}}}"
                                + more
                                + "}",
                        201)
                .path("Id")
                .asText();
    }

    /** The names of the nodes that have a network of this name. */
    private Set<String> having(String name) {
        Set<String> nodes = new TreeSet<>();
        for (FakeEngine engine : swarm.engines()) {
            if (engine.networks().names().contains(name)) {
                nodes.add(engine.name());
            }
        }
        return nodes;
    }

    private static String subnet(FakeEngine engine) {
        return engine.networks()
                .details("front")
                .path("IPAM")
                .path("Config")
                .path(0)
                .path("Subnet")
                .asText();
    }

    private String nodeOf(String id) throws Exception {
        return get("/containers/" + id + "/json").path("Node").path("Name").asText();
    }

    @Test
    void aNetworkIsOneNetworkWhereverItsContainersAre() throws Exception {
        String id = network("front", ",'Labels':{'a':'b'}");
        assertThat(having("front")).hasSize(1);

        Map<String, String> nodes = new HashMap<>();
        for (String node : List.of("node-1", "node-2", "node-3")) {
            String container =
                    create("c-" + node, "front", ",'Env':['constraint:node==" + node + "']");
            post("/containers/" + container + "/start", "", 204);
            nodes.put(node, container);
        }
        assertThat(having("front")).containsExactly("node-1", "node-2", "node-3");

        List<JsonNode> listed = new ArrayList<>();
        get("/networks").forEach(entry -> listed.add(entry));
        assertThat(listed).filteredOn(n -> n.path("Name").asText().equals("front")).hasSize(1);
        JsonNode front = get("/networks/front");
        assertThat(front.path("Id").asText()).isEqualTo(id);
        assertThat(front.path("Labels").toString()).isEqualTo("{\"a\":\"b\"}");
        assertThat(front.path("Containers").propertyStream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(nodes.values());
        for (JsonNode container : get("/containers/json?all=1")) {
            assertThat(
                            container
                                    .path("NetworkSettings")
                                    .path("Networks")
                                    .path("front")
                                    .path("NetworkID")
                                    .asText())
                    .isEqualTo(id);
        }
        for (String container : nodes.values()) {
            assertThat(
                            get("/containers/" + container + "/json")
                                    .path("NetworkSettings")
                                    .path("Networks")
                                    .path("front")
                                    .path("NetworkID")
                                    .asText())
                    .isEqualTo(id);
        }
        assertThat(get("/networks/" + id.substring(0, 12)).path("Id").asText()).isEqualTo(id);
        String filter = "/containers/json?filters=%7B%22network%22%3A%5B%22" + id + "%22%5D%7D";
        assertThat(get(filter)).hasSize(3);
    }

    @Test
    void aNetworkWithContainersIsNotRemovedAnywhere() throws Exception {
        network("front", "");
        String used = create("a", "front", ",'Env':['constraint:node==node-1']");
        String idle = create("b", "front", ",'Env':['constraint:node==node-2']");
        post("/containers/" + used + "/start", "", 204);
        assertThat(swarm.delete("/networks/front").statusCode()).isEqualTo(403);
        assertThat(having("front")).contains("node-1", "node-2");

        swarm.delete("/containers/" + used + "?force=1");
        swarm.delete("/containers/" + idle + "?force=1");
        assertThat(swarm.delete("/networks/front").statusCode()).isEqualTo(204);
        assertThat(having("front")).isEmpty();
        assertThat(swarm.get("/networks/front").statusCode()).isEqualTo(404);
    }

    @Test
    void aNameIsTakenInTheWholeSwarm() throws Exception {
        network("front", "");
        assertThat(post("/networks/create", "{'Name':'front'}", 409).toString())
                .contains("network with name front already exists");
        network("node-2/own", "");
        assertThat(having("own")).containsExactly("node-2");
        assertThat(post("/networks/create", "{'Name':'own'}", 409).toString())
                .contains("already exists on node node-2 as node-2/own");
        assertThat(get("/networks").findValuesAsText("Name"))
                .contains("front", "node-2/own", "node-1/bridge")
                .doesNotContain("own", "bridge");
        String there = create("a", "node-2/own", "");
        assertThat(nodeOf(there)).isEqualTo("node-2");
    }

    @Test
    void ofManyWhoWantOneNameOneGetsIt() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(
                        clients.submit(
                                () ->
                                        swarm.post("/networks/create", "{\"Name\":\"front\"}")
                                                .statusCode()));
            }
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
        }
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 409).hasSize(15);
        assertThat(having("front")).hasSize(1);
    }

    @Test
    void theEndpointForgetsNothingWhenItIsKilled() throws Exception {
        String id = network("front", ",'IPAM':{'Config':[{'Subnet':'10.77.0.0/24'}]}");
        create("a", "front", ",'Env':['constraint:node==node-1']");
        swarm.restart("spread", 3);
        assertThat(get("/networks/front").path("Id").asText()).isEqualTo(id);
        create("b", "front", ",'Env':['constraint:node==node-3']");
        assertThat(get("/networks/front").path("Id").asText()).isEqualTo(id);
        assertThat(subnet(three)).isEqualTo("10.77.0.0/24");
    }

    @Test
    void addressesThatAnEngineChoseAreNotAskedForElsewhere() throws Exception {
        // Engines choose the next free one, so they choose different ones here.
        two.networks().create("own-1");
        three.networks().create("own-2");
        three.networks().create("own-3");
        network("front", "");
        create("a", "front", ",'Env':['constraint:node==node-1']");
        create("b", "front", ",'Env':['constraint:node==node-2']");
        create("c", "front", ",'Env':['constraint:node==node-3']");
        assertThat(Set.of(subnet(one), subnet(two), subnet(three))).hasSize(3);
    }

    @Test
    void aNodeMayBeNamedWithANetworkOfTheSwarm() throws Exception {
        network("front", "");
        assertThat(nodeOf(create("a", "node-3/front", ""))).isEqualTo("node-3");
        assertThat(having("front")).contains("node-3");
    }

    @Test
    void connectMakesTheNetworkOnTheNodeOfTheContainer() throws Exception {
        network("front", "");
        String container = create("a", "bridge", ",'Env':['constraint:node==node-3']");
        post("/containers/" + container + "/start", "", 204);
        post("/networks/front/connect", "{'Container':'a','EndpointConfig':{}}", 200);
        assertThat(having("front")).contains("node-3");
        assertThat(get("/networks/front").path("Containers").has(container)).isTrue();
        post("/networks/front/disconnect", "{'Container':'a'}", 200);
        assertThat(get("/networks/front").path("Containers")).isEmpty();
        assertThat(post("/networks/node-1%2Fbridge/connect", "{'Container':'a'}", 400).toString())
                .contains("is on another node than the container, which is on node-3");
    }

    @Test
    void aGatewayPriorityIsRefusedWhereItWouldBeIgnored() throws Exception {
        network("front", "");
        create("a", "bridge", ",'Env':['constraint:node==node-1']");
        assertThat(
                        post(
                                        "/networks/front/connect",
                                        "{'Container':'a','EndpointConfig':{'GwPriority':1}}",
                                        400)
                                .toString())
                .contains("its Docker is too old for GwPriority: it needs API 1.48");
    }

    @Test
    void theServicesOfAProjectStayOnOneNode() throws Exception {
        String project = "'com.docker.compose.project':'shop'";
        network("shop_default", ",'Labels':{" + project + "}");
        Set<String> nodes = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            String labels =
                    ",'Labels':{"
                            + project
                            + ",'com.docker.compose.container-number':'1',"
                            + "'com.docker.compose.service':'s"
                            + i
                            + "'}";
            nodes.add(nodeOf(create("shop-s" + i + "-1", "shop_default", labels)));
        }
        assertThat(nodes).hasSize(1);
    }

    @Test
    void replicasGoToOtherNodesWhenANodeIsFull() throws Exception {
        String project = "'com.docker.compose.project':'shop'";
        network("shop_default", ",'Labels':{" + project + "}");
        Map<String, Integer> perNode = new HashMap<>();
        List<Future<String>> made = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 2; i <= 13; i++) {
                String labels =
                        ",'Labels':{"
                                + project
                                + ",'com.docker.compose.container-number':'"
                                + i
                                + "','com.docker.compose.service':'worker'}";
                String name = "shop-worker-" + i;
                made.add(clients.submit(() -> create(name, "shop_default", labels)));
            }
        }
        for (Future<String> id : made) {
            perNode.merge(nodeOf(id.get()), 1, Integer::sum);
        }
        assertThat(perNode).hasSize(3).allSatisfy((node, count) -> assertThat(count).isEqualTo(4));
    }

    @Test
    void aServiceThatIsOutOfReachIsWarnedOf() throws Exception {
        network("shop_default", ",'Labels':{'com.docker.compose.project':'shop'}");
        String service = ",'Labels':{'com.docker.compose.service':'%s'}";
        create(
                "db",
                "shop_default",
                service.formatted("db") + ",'Env':['constraint:node==node-1']");
        JsonNode answer =
                post(
                        "/containers/create?name=web",
                        "{'Image':'x','HostConfig':{'NetworkMode':'shop_default'}"
                                + service.formatted("web")
                                + ",'Env':['constraint:node==node-2']}",
                        201);
        // The fake engine has a warning of its own, which stays the first.
        assertThat(answer.path("Warnings")).hasSize(2);
        assertThat(answer.path("Warnings").path(1).asText())
                .startsWith(
                        "network shop_default: db is on node-1, and a container on node-2 cannot"
                                + " reach it by its name");
        answer =
                post(
                        "/containers/create?name=web2",
                        "{'Image':'x','HostConfig':{'NetworkMode':'shop_default'}"
                                + service.formatted("web")
                                + ",'Env':['constraint:node==node-1']}",
                        201);
        assertThat(answer.path("Warnings")).hasSize(1);
    }

    @Test
    void onlyWhatNoNodeUsesIsPruned() throws Exception {
        network("idle", "");
        network("used", "");
        String container = create("a", "used", ",'Env':['constraint:node==node-1']");
        create("b", "used", ",'Env':['constraint:node==node-2']");
        post("/containers/" + container + "/start", "", 204);
        JsonNode pruned = post("/networks/prune", "", 200);
        assertThat(pruned.path("NetworksDeleted").toString()).isEqualTo("[\"idle\"]");
        assertThat(having("used")).contains("node-1", "node-2");
        assertThat(having("idle")).isEmpty();
    }

    @Test
    void aNodeThatDoesNotExistIsNamed() throws Exception {
        String problem = "there is no node n9 in the swarm";
        assertThat(post("/networks/create", "{'Name':'n9/foo'}", 400).toString())
                .contains(problem + ", which network n9/foo would be on");
        for (String host : List.of("'NetworkMode':'n9/foo'", "'Binds':['n9/foo:/x']")) {
            String body = "{'Image':'x','HostConfig':{" + host + "}}";
            assertThat(post("/containers/create", body, 400).toString()).contains(problem);
        }
        assertThat(get("/networks").findValuesAsText("Name")).doesNotContain("n9/foo");
    }

    @Test
    void anOverlayNetworkIsRefusedWithAReason() throws Exception {
        assertThat(post("/networks/create", "{'Name':'o','Driver':'overlay'}", 501).toString())
                .contains("an overlay network needs engines in Docker's swarm mode");
    }

    @Test
    void aNetworkWhoseNodeIsAwayIsStillShown() throws Exception {
        String id = network("front", "");
        String node = having("front").iterator().next();
        FakeEngine away =
                swarm.engines().stream()
                        .filter(e -> e.name().equals(node))
                        .findFirst()
                        .orElseThrow();
        away.die();
        assertThat(get("/networks/front").path("Id").asText()).isEqualTo(id);
        String other = node.equals("node-1") ? "node-2" : "node-1";
        create("a", "front", ",'Env':['constraint:node==" + other + "']");
        assertThat(having("front")).contains(other);
        assertThat(get("/networks/front").path("Id").asText()).isEqualTo(id);
    }

    @Test
    void itsEventsAreThoseOfOneNetwork() throws Exception {
        try (TestClient events = swarm.client()) {
            long end = System.currentTimeMillis() / 1000 + 4;
            String filter = "%7B%22type%22%3A%5B%22network%22%5D%7D";
            events.say(
                            "GET /events?until="
                                    + end
                                    + "&filters="
                                    + filter
                                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .hear("\r\n\r\n");
            String id = network("front", "");
            create("a", "front", ",'Env':['constraint:node==node-1']");
            create("b", "front", ",'Env':['constraint:node==node-2']");
            swarm.delete("/containers/a?force=1");
            swarm.delete("/containers/b?force=1");
            assertThat(swarm.delete("/networks/front").statusCode()).isEqualTo(204);
            String told = events.rest();
            assertThat(told).containsOnlyOnce("\"Action\":\"create\"");
            assertThat(told).containsOnlyOnce("\"Action\":\"destroy\"");
            assertThat(told.split("\"ID\":\"" + id, -1)).hasSizeGreaterThan(2);
            String past = swarm.get("/events?since=1&until=" + end + "&filters=" + filter).body();
            assertThat(past).containsOnlyOnce("\"Action\":\"create\"");
            assertThat(past).containsOnlyOnce("\"Action\":\"destroy\"");
        }
    }
}
