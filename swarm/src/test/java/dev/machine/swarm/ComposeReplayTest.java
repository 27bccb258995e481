package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import dev.machine.swarm.testing.TestClient;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays what docker-compose 1.29 and Compose 2.26 and 2.40 asked one engine (recorded by
 * e2e/record-compose) to the endpoint over two engines: each status must be the one of that engine,
 * and at the end nothing is left.
 */
@Timeout(60)
class ComposeReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(id[0-9]+)(?::([0-9]+))?}");

    /** Calls that end later than others that follow them. */
    private static final Pattern STREAM =
            Pattern.compile("^POST [^ ]*/wait(\\?.*)?$|^GET [^ ]*(/events|follow=(1|true))[^ ]*$");

    private static Swarm swarm;

    /** A client's answer of a call: its head at least. */
    private record Answer(int status, String body) {}

    static Stream<String> recordings() throws IOException, URISyntaxException {
        Path folder = Path.of(ComposeReplayTest.class.getResource("/compose").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".jsonl"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        swarm = new Swarm(folder);
        for (FakeEngine engine :
                List.of(swarm.engine("old", "1.12", "1.41"), swarm.engine("new", "1.44", "1.51"))) {
            engine.detailed();
            engine.image("sha256:" + "1".repeat(64), "nginx:latest", 1);
            engine.image("sha256:" + "2".repeat(64), "debian:latest", 1);
        }
        swarm.start("spread");
    }

    @AfterAll
    static void stop() {
        swarm.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void isAnsweredAsByOneEngine(String name) throws Exception {
        List<TestClient> streams = new ArrayList<>();
        Map<String, String> ids = new HashMap<>();
        List<String> differences = new ArrayList<>();
        try {
            for (String line : lines(name)) {
                JsonNode call = JSON.readTree(line);
                String request = call.path("request").asText();
                int status = call.path("status").asInt();
                Answer answer = ask(JSON.readTree(filled(line, ids)), streams);
                if (answer.status != status && !isKnown(request, status, answer.status)) {
                    differences.add(
                            "%s: %d instead of %d: %s"
                                    .formatted(request, answer.status, status, answer.body));
                }
                learn(call.path("learns"), answer.body, ids);
            }
        } finally {
            for (TestClient stream : streams) {
                stream.close();
            }
        }
        assertThat(differences).as(() -> String.join("\n", differences)).isEmpty();
        for (FakeEngine engine : swarm.engines()) {
            assertThat(engine.containers()).as("containers that are left").isEmpty();
            assertThat(engine.networks().names()).as("networks that are left").isEmpty();
            assertThat(engine.volumes().names())
                    .as("named volumes that are left")
                    .noneMatch(volume -> volume.matches("app_.*|outside"));
        }
    }

    /** The programs in containers of fake engines do not end, so a stop always finds them. */
    private static boolean isKnown(String request, int recorded, int answered) {
        return request.contains("/stop") && recorded == 304 && answered == 204;
    }

    private static List<String> lines(String name) throws IOException, URISyntaxException {
        return Files.readAllLines(
                Path.of(ComposeReplayTest.class.getResource("/compose/" + name).toURI()));
    }

    private static String filled(String line, Map<String, String> ids) {
        Matcher places = PLACEHOLDER.matcher(line);
        StringBuilder all = new StringBuilder();
        while (places.find()) {
            String id = ids.getOrDefault(places.group(1), places.group(1) + "-was-not-learned");
            int length = places.group(2) == null ? id.length() : Integer.parseInt(places.group(2));
            places.appendReplacement(all, id.substring(0, Math.min(length, id.length())));
        }
        return places.appendTail(all).toString();
    }

    private static void learn(JsonNode places, String body, Map<String, String> ids)
            throws IOException {
        JsonNode answer = places.isMissingNode() ? places : JSON.readTree(body);
        places.properties()
                .forEach(
                        place ->
                                ids.put(
                                        place.getKey(),
                                        answer.at(place.getValue().asText())
                                                .asText()
                                                .replaceFirst("^sha256:", "")));
    }

    private static Answer ask(JsonNode call, List<TestClient> streams) throws Exception {
        String request = call.path("request").asText();
        if (call.path("headers").has("upgrade") || STREAM.matcher(request).matches()) {
            TestClient client = swarm.client();
            streams.add(client);
            String head = client.say(head(call)).hear("\r\n\r\n");
            return new Answer(Integer.parseInt(head.split(" ")[1]), "");
        }
        String[] words = request.split(" ");
        HttpRequest.Builder plain = swarm.request(words[1]);
        call.path("headers")
                .properties()
                .forEach(
                        header -> {
                            if (!header.getKey().equals("connection")) {
                                plain.header(header.getKey(), header.getValue().asText());
                            }
                        });
        HttpResponse<String> answer =
                swarm.call(plain.method(words[0], HttpRequest.BodyPublishers.ofString(body(call))));
        return new Answer(answer.statusCode(), answer.body());
    }

    private static String body(JsonNode call) {
        return call.has("body")
                ? call.path("body").toString()
                : "x".repeat(call.path("bytes").asInt());
    }

    private static String head(JsonNode call) {
        StringBuilder head = new StringBuilder(call.path("request").asText() + " HTTP/1.1\r\n");
        head.append("Host: endpoint\r\n");
        call.path("headers")
                .properties()
                .forEach(
                        header ->
                                head.append(header.getKey())
                                        .append(": ")
                                        .append(header.getValue().asText())
                                        .append("\r\n"));
        int length = body(call).getBytes(StandardCharsets.UTF_8).length;
        return head + "Content-Length: " + length + "\r\n\r\n" + body(call);
    }
}
