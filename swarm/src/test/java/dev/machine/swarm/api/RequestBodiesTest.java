package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.testing.RawEngine;
import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of any call is read or refused, and never mixes with the next request. */
@Timeout(60)
class RequestBodiesTest {
    private static final String BODY = "{\"x\":1}";

    @TempDir static Path folder;

    private static final List<RawEngine> ENGINES = new ArrayList<>();
    private static final List<String> BODIES = new CopyOnWriteArrayList<>();
    private static TestEndpoint endpoint;

    @BeforeAll
    static void twoEngines() throws Exception {
        TestPki pki = new TestPki(folder.resolve("certs"));
        Path members = Files.createDirectories(folder.resolve("members"));
        for (String name : List.of("one", "two")) {
            RawEngine engine = new RawEngine(pki, name).script(RequestBodiesTest::asGoDoes);
            engine.join(members);
            ENGINES.add(engine);
        }
        endpoint =
                new TestEndpoint(
                        pki,
                        TestEndpoint.options(pki, new MemberFolder(members)),
                        TestEndpoint.QUICK);
        endpoint.awaitHealthy(2);
    }

    @AfterAll
    static void end() {
        endpoint.close();
        ENGINES.forEach(RawEngine::close);
    }

    /**
     * As an engine: attach and exec take the connection over without reading the rest of the body.
     */
    private static boolean asGoDoes(RawEngine.Asked call, InputStream in, OutputStream out)
            throws IOException {
        boolean exec = call.path().startsWith("/exec/") && call.path().endsWith("/start");
        if (call.path().contains("/attach") || exec) {
            if (exec) {
                BODIES.add(new String(in.readNBytes(call.length()), StandardCharsets.UTF_8));
            }
            String type = "Content-Type: application/vnd.docker.raw-stream\r\n";
            RawEngine.say(
                    out,
                    call.head().contains("Upgrade: tcp")
                            ? "HTTP/1.1 101 UPGRADED\r\n"
                                    + type
                                    + "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\n" + type + "\r\n");
            byte[] piece = new byte[100];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                RawEngine.say(
                        out, "<" + new String(piece, 0, n, StandardCharsets.ISO_8859_1) + ">");
            }
            return true;
        }
        if (call.path().startsWith("/exec/")) {
            RawEngine.json(out, 200, "{\"ID\":\"" + "e".repeat(64) + "\"}");
            return true;
        }
        if (call.path().startsWith("/images/json")) {
            RawEngine.json(out, 200, "[{\"Id\":\"sha256:1\",\"RepoTags\":[\"x:latest\"]}]");
            return true;
        }
        return false;
    }

    static List<Route> routes() {
        return new DockerApi(
                        new ApiServices(null, null, null, null, null, null, null, null, null, null))
                .routes();
    }

    static Stream<String> calls() {
        return routes().stream()
                .flatMap(
                        route ->
                                route.methods().stream()
                                        .filter(method -> !method.equals("HEAD"))
                                        .map(method -> method + " " + path(route)));
    }

    private static String path(Route route) {
        String first = route.pattern().getFirst();
        String name =
                first.equals("exec") ? "e".repeat(64) : first.equals("images") ? "x" : "one/web";
        StringBuilder path = new StringBuilder();
        route.pattern().forEach(part -> path.append('/').append(part.contains("*") ? name : part));
        return path.toString();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyCallAnswersWhateverItsBody(String call) throws Exception {
        for (String framing :
                List.of(
                        "Content-Length: 7\r\n\r\n" + BODY,
                        "Transfer-Encoding: chunked\r\n\r\n7\r\n" + BODY + "\r\n0\r\n\r\n",
                        "Expect: 100-continue\r\nContent-Length: 7\r\n\r\n" + BODY)) {
            try (TestClient client = endpoint.client()) {
                client.below().setSoTimeout(5000);
                client.say(call + " HTTP/1.1\r\nHost: x\r\n" + framing);
                String head = client.hear("\r\n\r\n");
                if (head.startsWith("HTTP/1.1 100")) {
                    head = client.hear("\r\n\r\n");
                }
                assertThat(head).as(call).matches("(?s)HTTP/1.1 [1-5][0-9][0-9] .*");
                assertThat(head).as(call).doesNotStartWith("HTTP/1.1 502");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 7\r\n\r\n" + BODY,
                "Transfer-Encoding: chunked\r\n\r\n7\r\n" + BODY + "\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n5\r\nx\":1}\r\n0\r\nX: trailer\r\n\r\n"
            })
    void rawInputBeginsAfterTheBodyOfAnAttach(String framing) throws Exception {
        try (TestClient client = endpoint.client()) {
            client.say(
                    "POST /containers/one/web/attach?stream=1&stdin=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                            + framing
                            + "hello");
            assertThat(client.hear(">")).startsWith("HTTP/1.1 101").endsWith("\r\n\r\n<hello>");
        }
    }

    @Test
    void permissionIsGivenBeforeAnAttach() throws Exception {
        try (TestClient client = endpoint.client()) {
            client.say(
                    "POST /containers/one/web/attach?stream=1&stdin=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n");
            client.hear("HTTP/1.1 100 Continue\r\n\r\n");
            client.say(BODY).hear("101");
            client.say("hello");
            assertThat(client.hear(">")).endsWith("\r\n\r\n<hello>");
        }
    }

    @Test
    void anExecGetsItsSettingsAndNothingOfThemAsInput() throws Exception {
        String settings = "{\"Detach\":false,\"Tty\":false}";
        String sent = "  " + settings + "\n" + " ".repeat(2000);
        BODIES.clear();
        try (TestClient client = endpoint.client()) {
            client.say(
                    "POST /exec/"
                            + "e".repeat(64)
                            + "/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: "
                            + sent.length()
                            + "\r\n\r\n"
                            + sent
                            + "hello");
            assertThat(client.hear(">")).startsWith("HTTP/1.1 101").endsWith("\r\n\r\n<hello>");
        }
        assertThat(BODIES).containsExactly(settings);
        try (TestClient client = endpoint.client()) {
            String two = settings + "rm -rf /";
            client.say(
                    "POST /exec/"
                            + "e".repeat(64)
                            + "/start HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + two.length()
                            + "\r\n\r\n"
                            + two);
            assertThat(client.hear("}")).startsWith("HTTP/1.1 400").contains("one JSON object");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        try (TestClient client = endpoint.client()) {
            client.say(
                    "POST /containers/prune HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
            assertThat(client.hear("}")).startsWith("HTTP/1.1 413").contains("larger than 4 MiB");
        }
        try (TestClient client = endpoint.client()) {
            client.say(
                    "POST /containers/prune HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String piece = "10000\r\n" + "a".repeat(65536) + "\r\n";
            try {
                for (int i = 0; i < 70; i++) {
                    client.say(piece);
                }
            } catch (IOException e) {
                // The endpoint may have answered and closed already.
            }
            assertThat(client.hear("}")).startsWith("HTTP/1.1 413");
        }
    }
}
