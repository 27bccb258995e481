package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import dev.machine.swarm.testing.TestClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the endpoint says of itself: API versions (E1), ping (E2), events (E3), info (E24). */
@Timeout(60)
class VersionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private Swarm swarm;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        swarm.engine("a-1", "1.12", "1.41");
        swarm.engine("b-1", "1.44", "1.51");
        swarm.engine("c-1", "1.40", "1.57");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("message").asText();
    }

    /** E1: the sentences of moby, middleware/version.go. */
    @Test
    void versionsOutsideOfTheRangeAreRefusedInMobysWords() throws Exception {
        swarm.start("spread");
        HttpResponse<String> newer = swarm.get("/v1.52/info");
        assertThat(newer.statusCode()).isEqualTo(400);
        assertThat(message(newer))
                .isEqualTo("client version 1.52 is too new. Maximum supported API version is 1.51");
        HttpResponse<String> older = swarm.get("/v1.11/info");
        assertThat(older.statusCode()).isEqualTo(400);
        assertThat(message(older))
                .isEqualTo(
                        "client version 1.11 is too old. Minimum supported API version is 1.24,"
                                + " please upgrade your client to a newer version");
    }

    /** E1: a client that finds less than 1.40 in a ping gives up (moby, client.go). */
    @Test
    void noEngineChangesTheVersionThatClientsSee() throws Exception {
        swarm.engine("ancient", "1.12", "1.30");
        swarm.start("spread");
        assertThat(swarm.get("/_ping").headers().firstValue("Api-Version")).hasValue("1.51");
        assertThat(swarm.get("/v1.24/version").headers().firstValue("Api-Version"))
                .hasValue("1.51");
    }

    /** E1 */
    @Test
    void anEngineThatIsTooNewIsUnhealthyAndIsNotSpokenTo() throws Exception {
        FakeEngine tooNew = swarm.engine("z-1", "1.52", "1.60");
        swarm.startUnready("spread");
        Await.until("three are healthy", () -> swarm.info().split("Healthy", -1).length == 4);
        Await.until("it is shown", () -> swarm.info().contains("Unhealthy"));
        assertThat(swarm.info())
                .contains(
                        "its Docker is too new for this endpoint: it speaks API 1.52 and newer,"
                                + " this endpoint up to 1.51");
        assertThat(tooNew.calls()).isNotEmpty().allMatch("GET /version"::equals);
        assertThat(
                        swarm.post(
                                        "/containers/create",
                                        "{\"Image\":\"x\",\"Env\":[\"constraint:node==z-1\"]}")
                                .statusCode())
                .isEqualTo(500);
    }

    /** E2: as moby's pingHandler. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void aPingHasTheHeadersOfAnEngine(String method) throws Exception {
        swarm.start("spread");
        HttpResponse<String> ping =
                swarm.call(swarm.request("/_ping").method(method, BodyPublishers.noBody()));
        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(ping.body()).isEqualTo(method.equals("GET") ? "OK" : "");
        for (List<String> header :
                List.of(
                        List.of("Api-Version", "1.51"),
                        List.of("Ostype", "linux"),
                        List.of("Docker-Experimental", "false"),
                        List.of("Builder-Version", "1"),
                        List.of("Swarm", "inactive"),
                        List.of("Cache-Control", "no-cache, no-store, must-revalidate"),
                        List.of("Pragma", "no-cache"),
                        List.of("Content-Type", "text/plain; charset=utf-8"))) {
            assertThat(ping.headers().allValues(header.get(0)))
                    .as(header.get(0))
                    .containsExactly(header.get(1));
        }
    }

    /** E3: CLI 29 sends the three types with weights, in three fields. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/jsonl,application/x-ndjson;q=0.9,application/json-seq;q=0.5|jsonl",
                "application/x-ndjson;q=0.9,application/json-seq;q=0.5|x-ndjson",
                "application/json-seq|json-seq",
                "application/jsonl;q=0|json",
                "application/jsonl;q=2|json",
                "application/jsonl;q=0.5,application/json-seq;level=1;q=0.7|json-seq",
                "application/*|json",
                "*/*|json",
                "application/json|json"
            })
    void eventsAreWrittenAsTheClientAcceptsThem(String accept, String type) throws Exception {
        swarm.start("spread");
        swarm.engines().getFirst().container("web", "nginx", 0, 0);
        StringBuilder fields = new StringBuilder();
        for (String one : accept.split(",")) {
            fields.append("Accept: ").append(one).append("\r\n");
        }
        try (TestClient client = swarm.client()) {
            client.say("GET /v1.51/events?since=1 HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
            assertThat(client.hear("\r\n\r\n"))
                    .contains("Content-Type: application/" + type + "\r\n");
            String event = client.hear("}\n");
            assertThat(event.contains("\u001e{")).isEqualTo(type.equals("json-seq"));
            assertThat(event).contains("\"status\":\"create\"", "\"id\":", "\"from\":");
        }
    }

    /** E24: what differs between engines is not shown as if it were true of all. */
    @Test
    void infoShowsNothingOfOneEngineOnly() throws Exception {
        swarm.start("spread");
        JsonNode info = JSON.readTree(swarm.get("/v1.51/info").body());
        assertThat(info.path("SystemStatus").toString()).contains("a-1", "b-1", "c-1");
        for (String key :
                List.of(
                        "Containerd",
                        "ContainerdCommit",
                        "FirewallBackend",
                        "DiscoveredDevices",
                        "CDISpecDirs",
                        "NRI",
                        "Driver",
                        "DriverStatus",
                        "DockerRootDir",
                        "LoggingDriver",
                        "CgroupDriver",
                        "CgroupVersion",
                        "Runtimes",
                        "DefaultRuntime",
                        "SecurityOptions",
                        "RegistryConfig",
                        "DefaultAddressPools")) {
            assertThat(info.has(key)).as(key).isFalse();
        }
    }
}
