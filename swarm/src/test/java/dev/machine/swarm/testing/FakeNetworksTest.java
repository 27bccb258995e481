package dev.machine.swarm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks of the fake are those of dockerd, as far as tests rely on them. */
class FakeNetworksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TWO =
            "{\"Image\":\"web\",\"HostConfig\":{\"NetworkMode\":\"a\"},\"NetworkingConfig\":"
                    + "{\"EndpointsConfig\":{\"a\":{\"Aliases\":[\"www\"]},\"b\":{}}}}";

    @TempDir Path folder;
    private TestPki pki;
    private FakeEngine old;
    private FakeEngine current;
    private HttpClient client;

    private record Answer(int status, JsonNode json) {}

    @BeforeEach
    void start() {
        pki = new TestPki(folder);
        client = HttpClient.newBuilder().sslContext(pki.context()).build();
        old = new FakeEngine(pki, "old", "1.12", "1.41");
        current = new FakeEngine(pki, "current", "1.44", "1.51");
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        old.close();
        current.close();
    }

    @Test
    void everyEngineHasThreeNetworksThatNobodyRemoves() throws Exception {
        JsonNode list = call(old, "GET", "/v1.41/networks", "").json;
        assertThat(list.findValuesAsText("Name")).containsExactly("bridge", "host", "none");
        JsonNode bridge = list.path(0);
        assertThat(bridge.path("Id").asText()).matches("[0-9a-f]{64}");
        assertThat(bridge.path("IPAM").path("Config").path(0).path("Subnet").asText())
                .isEqualTo("172.17.0.0/16");
        assertThat(call(old, "DELETE", "/v1.41/networks/bridge", ""))
                .isEqualTo(problem(403, "bridge is a pre-defined network and cannot be removed"));
        assertThat(call(old, "POST", "/v1.41/networks/create", "{\"Name\":\"host\"}").status)
                .isEqualTo(403);
    }

    @Test
    void anOldEngineGivesANameTwiceUnlessItIsAskedToCheck() throws Exception {
        String plain = "{\"Name\":\"n\"}";
        String check = "{\"Name\":\"n\",\"CheckDuplicate\":true}";
        assertThat(call(old, "POST", "/v1.41/networks/create", plain).status).isEqualTo(201);
        Answer second = call(old, "POST", "/v1.41/networks/create", plain);
        assertThat(second.json.path("Warning").asText()).startsWith("Network with name n (id : ");
        assertThat(call(old, "POST", "/v1.41/networks/create", check))
                .isEqualTo(problem(409, "network with name n already exists"));
        assertThat(call(old, "GET", "/v1.41/networks/n", ""))
                .isEqualTo(problem(400, "2 matches found based on name: network n is ambiguous"));
        assertThat(old.networks().names()).containsExactly("n", "n");

        assertThat(call(current, "POST", "/v1.51/networks/create", plain).status).isEqualTo(201);
        assertThat(call(current, "POST", "/v1.51/networks/create", plain).status).isEqualTo(409);
    }

    @Test
    void aNetworkIsFoundByNameIdAndBeginningAndFilters() throws Exception {
        String id = old.networks().create("data");
        old.networks().create(JSON.readTree("{\"Name\":\"data2\",\"Labels\":{\"project\":\"p\"}}"));
        for (String term : List.of("data", id, id.substring(0, 12))) {
            assertThat(call(old, "GET", "/networks/" + term, "").json.path("Id").asText())
                    .isEqualTo(id);
        }
        assertThat(call(old, "GET", "/networks/none-such", ""))
                .isEqualTo(problem(404, "network none-such not found"));
        assertThat(listed("{\"name\":{\"data\":true}}")).containsExactly("data", "data2");
        assertThat(listed("{\"name\":[\"^data$\"]}")).containsExactly("data");
        assertThat(listed("{\"label\":[\"project=p\"]}")).containsExactly("data2");
        assertThat(listed("{\"id\":[\"" + id + "\"]}")).containsExactly("data");
        assertThat(listed("{\"type\":[\"custom\"]}")).containsExactly("data", "data2");
    }

    @Test
    void aRunningContainerHoldsItsNetworks() throws Exception {
        String a = current.networks().create("a");
        current.networks().create("b");
        Answer made = call(current, "POST", "/v1.51/containers/create?name=web", TWO);
        String id = made.json.path("Id").asText();
        assertThat(networks(id).path("a").path("NetworkID").asText()).isEmpty();
        assertThat(networks(id).path("a").path("Aliases").path(0).asText()).isEqualTo("www");
        assertThat(current.networks().details("a").path("Containers")).isEmpty();

        assertThat(call(current, "POST", "/containers/" + id + "/start", "").status).isEqualTo(204);
        assertThat(networks(id).path("a").path("NetworkID").asText()).isEqualTo(a);
        assertThat(networks(id).path("b").path("IPAddress").asText()).isEqualTo("172.19.0.2");
        assertThat(
                        current.networks()
                                .details("a")
                                .path("Containers")
                                .path(id)
                                .path("Name")
                                .asText())
                .isEqualTo("web");
        assertThat(call(current, "DELETE", "/networks/a", ""))
                .isEqualTo(
                        problem(
                                403,
                                "error while removing network: network a id "
                                        + a
                                        + " has active endpoints"));
        assertThat(call(current, "POST", "/networks/prune", "").json.path("NetworksDeleted"))
                .isEmpty();

        call(current, "POST", "/networks/b/disconnect", "{\"Container\":\"web\"}");
        assertThat(networks(id).has("b")).isFalse();
        assertThat(call(current, "POST", "/networks/b/connect", "{\"Container\":\"web\"}").status)
                .isEqualTo(200);
        assertThat(call(current, "POST", "/networks/b/connect", "{\"Container\":\"web\"}"))
                .isEqualTo(problem(403, "endpoint with name web already exists in network b"));

        call(current, "POST", "/containers/" + id + "/stop", "");
        assertThat(networks(id).path("a").path("NetworkID").asText()).isEqualTo(a);
        assertThat(call(current, "POST", "/networks/prune", "").json)
                .isEqualTo(JSON.readTree("{\"NetworksDeleted\":[\"a\",\"b\"]}"));
        assertThat(call(current, "POST", "/containers/" + id + "/start", ""))
                .isEqualTo(problem(404, "network " + a + " not found"));
        assertThat(events())
                .containsExactly(
                        "create a",
                        "create b",
                        "connect a web",
                        "connect b web",
                        "prune ",
                        "disconnect b web",
                        "disconnect b web",
                        "connect b web",
                        "disconnect a web",
                        "disconnect b web",
                        "destroy a",
                        "destroy b",
                        "prune ");
    }

    /**
     * Compares with what dockerd 20.10.24 and 26.1.5 answered to the same calls; texts and numbers
     * differ, fields, their order and everything else do not.
     */
    @ParameterizedTest
    @ValueSource(strings = {"1.41", "1.45"})
    void itsAnswersHaveTheFieldsOfDockerd(String version) throws Exception {
        JsonNode real;
        try (InputStream recorded = getClass().getResourceAsStream("dockerd-networks.json")) {
            real = JSON.readTree(recorded).path(version);
        }
        try (FakeEngine fake = new FakeEngine(pki, "f", "1.24", version)) {
            assertThat(shape(call(fake, "GET", "/networks", "").json.path(1)))
                    .isEqualTo(shape(real.path("host")));
            call(fake, "POST", "/networks/create", "{\"Name\":\"front\"}");
            String side =
                    "{\"Name\":\"side\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.9.0.0/24\"}]},"
                            + "\"Options\":{\"x\":\"y\"},\"Internal\":true}";
            call(fake, "POST", "/networks/create", side);
            String web =
                    "{\"Image\":\"web\",\"HostConfig\":{\"NetworkMode\":\"front\"},\"NetworkingConfig\":"
                            + "{\"EndpointsConfig\":{\"front\":{\"Aliases\":[\"www\"]}}}}";
            JsonNode made = call(fake, "POST", "/containers/create?name=web", web).json;
            String path = "/containers/" + made.path("Id").asText();
            call(
                    fake,
                    "POST",
                    "/networks/side/connect",
                    "{\"Container\":\"web\",\"EndpointConfig\":{\"IPAMConfig\":{\"IPv4Address\":\"10.9.0.77\"}}}");
            assertThat(listedEndpoint(fake)).isEqualTo(shape(real.path("created")));
            call(fake, "POST", path + "/start", "");
            assertThat(listedEndpoint(fake)).isEqualTo(shape(real.path("running")));
            assertThat(shape(call(fake, "GET", "/networks/side", "").json))
                    .isEqualTo(shape(real.path("inspected")));
            call(fake, "POST", path + "/stop", "");
            assertThat(listedEndpoint(fake)).isEqualTo(shape(real.path("exited")));
            call(fake, "POST", "/networks/prune", "");
            for (String action : List.of("create", "connect", "prune")) {
                assertThat(
                                eventsOf(fake)
                                        .filter(
                                                event ->
                                                        event.path("Action")
                                                                .asText()
                                                                .equals(action))
                                        .filter(
                                                event ->
                                                        event.path("Type")
                                                                .asText()
                                                                .equals("network")))
                        .extracting(FakeNetworksTest::shape)
                        .contains(shape(real.path(action)));
            }
        }
    }

    private String listedEndpoint(FakeEngine fake) throws Exception {
        JsonNode list = call(fake, "GET", "/containers/json?all=1", "").json;
        return shape(list.path(0).path("NetworkSettings").path("Networks").path("front"));
    }

    /** The JSON with a sign for each text that is not empty and each number that is not 0. */
    private static String shape(JsonNode json) {
        return json.toString()
                .replaceAll("\"[0-9a-f]{64}\":", "\"id\":")
                .replaceAll(":\"[^\"]+\"", ":\"text\"")
                .replaceAll(":[1-9][0-9]*", ":1");
    }

    @Test
    void anOldEngineTakesOneNetworkAtCreate() throws Exception {
        assertThat(call(old, "POST", "/v1.41/containers/create?name=web", TWO))
                .isEqualTo(
                        problem(400, "Container cannot be connected to network endpoints: a, b"));
    }

    @Test
    void callsFailAndEventsAreMissingAsATestWants() throws Exception {
        current.networks().answers("create", 500);
        assertThat(call(current, "POST", "/networks/create", "{\"Name\":\"x\"}").status)
                .isEqualTo(500);
        current.networks().answers(200);
        current.networks().silent();
        assertThat(call(current, "POST", "/networks/create", "{\"Name\":\"x\"}").status)
                .isEqualTo(201);
        assertThat(current.networks().count("create")).isEqualTo(2);
        assertThat(events()).isEmpty();
    }

    private List<String> listed(String filters) throws Exception {
        String query = URLEncoder.encode(filters, StandardCharsets.UTF_8);
        return call(old, "GET", "/networks?filters=" + query, "").json.findValuesAsText("Name");
    }

    private JsonNode networks(String id) throws Exception {
        JsonNode details = call(current, "GET", "/containers/" + id + "/json", "").json;
        return details.path("NetworkSettings").path("Networks");
    }

    /** Action, name of the network, name of the container. */
    private List<String> events() throws Exception {
        List<String> events = new ArrayList<>();
        for (JsonNode event : eventsOf(current).toList()) {
            JsonNode told = event.path("Actor").path("Attributes");
            if (event.path("Type").asText().equals("network")) {
                String container = told.path("container").asText("");
                events.add(
                        event.path("Action").asText()
                                + " "
                                + told.path("name").asText("")
                                + (container.isEmpty() ? "" : " " + name(container)));
            }
        }
        return events;
    }

    private Stream<JsonNode> eventsOf(FakeEngine engine) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : send(engine, "GET", "/events?until=1", "").body().split("\n")) {
            if (!line.isEmpty()) {
                events.add(JSON.readTree(line));
            }
        }
        return events.stream();
    }

    private String name(String id) {
        return current.containers().stream()
                .filter(container -> container.id().equals(id))
                .map(FakeContainer::name)
                .findFirst()
                .orElseThrow();
    }

    private static Answer problem(int status, String message) {
        return new Answer(status, JSON.createObjectNode().put("message", message));
    }

    private Answer call(FakeEngine engine, String method, String path, String body)
            throws Exception {
        HttpResponse<String> answer = send(engine, method, path, body);
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    }

    private HttpResponse<String> send(FakeEngine engine, String method, String path, String body)
            throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + engine.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
