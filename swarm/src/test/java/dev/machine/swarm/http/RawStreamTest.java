package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeStream;
import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that an attach or an exec has taken over. */
@Timeout(30)
class RawStreamTest {
    private static final HttpServer.Timings QUICK =
            new HttpServer.Timings(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1));
    private static final String UPGRADE =
            "POST /attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
    private static final String OLD = "POST /attach HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir static Path folder;

    private static TestPki pki;

    private final Deadlines deadlines = new Deadlines();
    private final FakeStream engine = new FakeStream();
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger handled = new AtomicInteger();
    private volatile Response response;
    private HttpServer server;

    @BeforeAll
    static void certificates() {
        pki = new TestPki(folder);
    }

    @BeforeEach
    void start() {
        response = taken(101);
        go.countDown();
        server = serve(go);
    }

    private HttpServer serve(CountDownLatch gate) {
        Handler handler =
                new Handler() {
                    @Override
                    public Response handle(Request request) throws IOException {
                        handled.incrementAndGet();
                        request.body().open().readAllBytes();
                        try {
                            gate.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        return response;
                    }

                    @Override
                    public boolean mayBecomeRaw(Request request) {
                        return true;
                    }
                };
        return HttpServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                pki.contexts(),
                handler,
                deadlines,
                QUICK,
                ServerFixture.admission());
    }

    @AfterEach
    void stop() {
        server.close();
        deadlines.close();
    }

    private Response taken(int status) {
        return new Response(
                status,
                Headers.of("Content-Type", "application/vnd.docker.raw-stream"),
                new Response.Raw(engine));
    }

    private TestClient client() throws IOException {
        return new TestClient((InetSocketAddress) server.address(), pki.context());
    }

    @Test
    void anUpgradePassesBytesBothWays() throws Exception {
        try (TestClient client = client()) {
            assertThat(client.say(UPGRADE).hear("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 UPGRADED\r\n")
                    .contains("Connection: Upgrade", "Upgrade: tcp", "raw-stream")
                    .doesNotContain("Content-Length", "chunked", "close");
            client.say("ls\n");
            assertThat(engine.hear(3)).isEqualTo("ls\n");
            engine.say("bin\0\r\n");
            assertThat(client.hear("\n")).isEqualTo("bin\0\r\n");
        }
    }

    @Test
    void theOlderFormHasNoUpgradeAndNoFraming() throws Exception {
        response = taken(200);
        try (TestClient client = client()) {
            assertThat(client.say(OLD).hear("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("Content-Length", "chunked", "Upgrade");
            client.say("in");
            assertThat(engine.hear(2)).isEqualTo("in");
            engine.say("out").end();
            assertThat(client.rest()).isEqualTo("out");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {UPGRADE, OLD})
    void bytesThatCameWithTheHeadReachTheEngine(String head) throws Exception {
        try (TestClient client = client()) {
            client.say(head + "early").hear("\r\n\r\n");
            assertThat(engine.hear(5)).isEqualTo("early");
            client.say(" late");
            assertThat(engine.hear(5)).isEqualTo(" late");
        }
    }

    @Test
    void earlyBytesWithTheirEndReachTheEngineToo() throws Exception {
        server.close();
        CountDownLatch later = new CountDownLatch(1);
        server = serve(later);
        try (TestClient client = client()) {
            client.say(UPGRADE + "all");
            client.socket().shutdownOutput();
            Await.until("the handler runs", () -> handled.get() == 1);
            later.countDown();
            assertThat(engine.hear(3)).isEqualTo("all");
            engine.awaitInputEnd();
            engine.say("answer").end();
            assertThat(client.rest()).endsWith("\r\n\r\nanswer");
        }
    }

    @Test
    void aHalfCloseOfTheClientIsPassedOnAndOutputStillComes() throws Exception {
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            client.say("x");
            client.socket().shutdownOutput();
            engine.awaitInputEnd();
            assertThat(engine.hear(1)).isEqualTo("x");
            engine.say("after ").say("the end").end();
            assertThat(client.rest()).isEqualTo("after the end");
        }
        engine.awaitClose();
    }

    @Test
    void aHalfCloseOfTheEngineEndsTheConnectionAfterItsOutput() throws Exception {
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            engine.say("last").end();
            assertThat(client.rest()).isEqualTo("last");
            engine.awaitClose();
            assertThat(engine.inputEnded()).isFalse();
        }
    }

    @Test
    void anEngineThatBreaksOffBreaksTheClientsStream() throws Exception {
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            engine.say("half").breakOff();
            assertThatThrownBy(
                            () -> {
                                client.rest();
                                if (client.below().ended()) {
                                    throw new IOException("ended without close_notify");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatIsKilledClosesTheEnginesStream() throws Exception {
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            client.below().close();
            engine.awaitClose();
            assertThat(engine.inputEnded()).isFalse();
        }
    }

    @Test
    void aClientThatIsKilledAfterItsHalfCloseClosesTheEnginesStream() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.address();
        try (TestClient client = new TestClient(address, pki.context(), false)) {
            client.say(UPGRADE).hear("\r\n\r\n");
            client.socket().shutdownOutput();
            engine.awaitInputEnd();
            Await.pause(Duration.ofMillis(1200));
            client.below().close();
            engine.awaitClose();
        }
    }

    @Test
    void aClientThatIsKilledBeforeTheAnswerIsNoticed() throws Exception {
        server.close();
        CountDownLatch later = new CountDownLatch(1);
        server = serve(later);
        try (TestClient client = client()) {
            client.say(UPGRADE);
            Await.until("the handler runs", () -> handled.get() == 1);
            client.below().close();
        }
        later.countDown();
        engine.awaitClose();
    }

    @Test
    void inputAfterARefusalIsNeverReadAsARequest() throws Exception {
        response = Response.problem(404, "No such container: x");
        try (TestClient client = client()) {
            client.say(UPGRADE + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            client.socket().shutdownOutput();
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 404 ")
                    .contains("Connection: close")
                    .endsWith("{\"message\":\"No such container: x\"}\n");
        }
        assertThat(handled).hasValue(1);
    }

    @Test
    void aClientThatDoesNotReadHoldsTheEngineBack() throws Exception {
        byte[] piece = new byte[32 * 1024];
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            AtomicInteger written = new AtomicInteger();
            Thread talker =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (true) {
                                                engine.say(piece);
                                                written.incrementAndGet();
                                            }
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    });
            Await.still("the talker is held back", written::get);
            // The kernel's buffers hold a few MB; the writer must not get further.
            assertThat(written).hasValueLessThan(1000);
            talker.interrupt();
        }
    }

    @Test
    void tls12PassesBytesBothWays() throws Exception {
        try (TestClient client = client()) {
            client.socket().setEnabledProtocols(new String[] {"TLSv1.2"});
            client.say(UPGRADE).hear("\r\n\r\n");
            client.say("in");
            assertThat(engine.hear(2)).isEqualTo("in");
            engine.say("out").end();
            assertThat(client.rest()).isEqualTo("out");
        }
    }

    @Test
    void stoppingCutsARawStream() throws Exception {
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            server.close();
            engine.awaitClose();
        }
    }

    @Test
    void manyMegabytesPassUnchangedBothWays() throws Exception {
        byte[] piece = new byte[32 * 1024];
        new java.util.Random(1).nextBytes(piece);
        String expected = new String(piece, StandardCharsets.ISO_8859_1);
        try (TestClient client = client()) {
            client.say(UPGRADE).hear("\r\n\r\n");
            Socket socket = client.socket();
            Thread talker =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 96; i++) {
                                                engine.say(piece);
                                            }
                                            engine.end();
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    });
            for (int i = 0; i < 96; i++) {
                socket.getOutputStream().write(piece);
            }
            assertThat(engine.hear(96 * piece.length)).isEqualTo(expected.repeat(96));
            assertThat(client.rest()).isEqualTo(expected.repeat(96));
            talker.join();
        }
    }
}
