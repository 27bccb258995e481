package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeStream;
import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestPki;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow clients get the whole answer, even if they still send something. */
@Timeout(60)
class SlowReaderTest {
    private static final Duration LINGER = Duration.ofMillis(300);
    private static final HttpServer.Timings QUICK =
            new HttpServer.Timings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(300),
                    LINGER,
                    Duration.ofSeconds(1));
    private static final HttpServer.Timings PATIENT =
            new HttpServer.Timings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1));
    private static final String UPGRADE =
            "POST /attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final String MORE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir static Path folder;
    private static TestPki pki;

    private final Deadlines deadlines = new Deadlines();
    private final FakeStream engine = new FakeStream();
    private final Random random = new Random(26);
    private volatile Response response = new Response(101, Headers.NONE, new Response.Raw(engine));
    private final Handler handler = new RawCapable(() -> response);
    private HttpServer server;

    @BeforeAll
    static void certificates() {
        pki = new TestPki(folder);
    }

    @AfterEach
    void stop() {
        server.close();
        deadlines.close();
    }

    private TestClient client(HttpServer.Timings timings, boolean both) throws IOException {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        server =
                HttpServer.start(
                        any,
                        pki.contexts(),
                        handler,
                        deadlines,
                        timings,
                        ServerFixture.admission());
        return new TestClient((InetSocketAddress) server.address(), pki.context(), both);
    }

    private byte[] content(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Writes the engine's whole output as fast as it is read, and ends. */
    private void tell(byte[] output) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                for (int at = 0; at < output.length; at += 30_000) {
                                    int end = Math.min(at + 30_000, output.length);
                                    engine.say(Arrays.copyOfRange(output, at, end));
                                }
                                engine.end();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /** Sends standard input without end, until the connection breaks. */
    private static void keepSending(OutputStream to) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (true) {
                                    to.write(new byte[8192]);
                                    to.flush();
                                }
                            } catch (IOException e) {
                                // Then it ends.
                            }
                        });
    }

    private static byte[] slowly(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[65_536];
        int pauses = 0;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            all.write(piece, 0, n);
            if (all.size() / 500_000 > pauses) {
                pauses++;
                Await.pause(Duration.ofMillis(20));
            }
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000, 300_000, 8_000_000})
    void theEndOfARawStreamWaitsForItsReader(int size) throws Exception {
        byte[] output = content(size);
        try (TestClient client = client(QUICK, false)) {
            client.say(UPGRADE).hear("\r\n\r\n");
            client.socket().shutdownOutput();
            tell(output);
            Await.pause(LINGER.multipliedBy(4));
            assertThat(slowly(client.socket().getInputStream())).isEqualTo(output);
        }
        engine.awaitClose();
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 300_000, 8_000_000})
    void aClientThatHalfClosedTcpTooGetsTheEnd(int size) throws Exception {
        byte[] output = content(size);
        try (TestClient client = client(PATIENT, true)) {
            client.say(UPGRADE).hear("\r\n\r\n");
            client.socket().shutdownOutput();
            engine.awaitInputEnd();
            tell(output);
            Await.pause(LINGER);
            assertThat(slowly(client.socket().getInputStream())).isEqualTo(output);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 300_000, 8_000_000})
    void inputThatStillComesTakesNothingFromTheOutput(int size) throws Exception {
        byte[] output = content(size);
        try (TestClient client = client(PATIENT, false)) {
            client.say(UPGRADE).hear("\r\n\r\n");
            keepSending(client.socket().getOutputStream());
            tell(output);
            Await.pause(LINGER);
            assertThat(slowly(client.socket().getInputStream())).isEqualTo(output);
        }
    }

    @ParameterizedTest
    @CsvSource({"100000, true", "100000, false", "8000000, true", "8000000, false"})
    void soItIsOnASocketFile(int size, boolean sends) throws Exception {
        byte[] output = content(size);
        Path path = folder.resolve("s" + size + sends);
        server = HttpServer.start(path, handler, deadlines, PATIENT, ServerFixture.admission());
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            OutputStream out = Channels.newOutputStream(client);
            out.write(UPGRADE.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = Channels.newInputStream(client);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            if (sends) {
                keepSending(out);
            } else {
                client.shutdownOutput();
            }
            tell(output);
            Await.pause(LINGER);
            assertThat(slowly(in)).isEqualTo(output);
        }
    }

    @ParameterizedTest
    @CsvSource({"100000, true", "100000, false", "300000, true", "8000000, true", "8000000, false"})
    void anOrdinaryStreamWaitsForItsReaderToo(int size, boolean last) throws Exception {
        byte[] output = content(size);
        response =
                new Response(
                        200,
                        Headers.NONE,
                        new Response.Relay(new ByteArrayInputStream(output), size, () -> {}));
        try (TestClient client = client(QUICK, false)) {
            client.say(last ? LAST : MORE);
            Await.pause(LINGER.multipliedBy(4));
            client.hear("\r\n\r\n");
            assertThat(client.socket().getInputStream().readNBytes(size)).isEqualTo(output);
        }
    }

    @Test
    void inputAfterTheLastRequestDoesNotCutItsAnswer() throws Exception {
        byte[] output = content(300_000);
        response = new Response(200, Headers.NONE, new Response.Bytes(output));
        try (TestClient client = client(PATIENT, false)) {
            client.say(LAST + MORE);
            Await.pause(LINGER);
            client.say(MORE).hear("\r\n\r\n");
            assertThat(client.socket().getInputStream().readAllBytes()).isEqualTo(output);
        }
    }

    @Test
    void aRefusalReachesAClientThatStillSends() throws Exception {
        try (TestClient client = client(PATIENT, false)) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n");
            client.say("y".repeat(100_000));
            Await.pause(LINGER);
            assertThat(client.rest()).startsWith("HTTP/1.1 431 ").endsWith("}\n");
        }
    }
}
