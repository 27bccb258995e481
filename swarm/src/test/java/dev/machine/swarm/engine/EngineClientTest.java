package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RawStream;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.TestPki;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EngineClientTest {
    @TempDir static Path folder;

    private static TestPki pki;

    private final Deadlines deadlines = new Deadlines();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void certificates() {
        pki = new TestPki(folder);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        deadlines.close();
    }

    private interface Peer {
        void talk(Socket socket) throws IOException;
    }

    private EngineEnvironment environment(Duration connect) {
        EngineTimings d = EngineTimings.DEFAULT;
        return EngineEnvironment.of(
                deadlines,
                new EngineTimings(
                        connect,
                        d.ping(),
                        d.pingEvery(),
                        d.list(),
                        d.inspect(),
                        d.relistEvery(),
                        d.backoffFirst(),
                        d.backoffMost()),
                InstantSource.system());
    }

    private EngineClient client(ServerSocket server) {
        open.add(server);
        Member member =
                new Member(
                        "n",
                        "127.0.0.1",
                        server.getLocalPort(),
                        "",
                        pki.ca(),
                        pki.cert(),
                        pki.key());
        EngineClient client =
                new EngineClient(member, pki.contexts(), environment(Duration.ofSeconds(20)));
        open.add(client);
        return client;
    }

    /** An engine whose every connection is handled by code of the test. */
    private EngineClient engine(Peer peer) throws IOException {
        SSLServerSocket server =
                (SSLServerSocket)
                        pki.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (true) {
                                try {
                                    Socket socket = server.accept();
                                    open.add(socket);
                                    Thread.ofVirtual()
                                            .start(
                                                    () -> {
                                                        try {
                                                            peer.talk(socket);
                                                        } catch (IOException e) {
                                                            // The test sees what its side sees.
                                                        }
                                                    });
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
        return client(server);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended");
            }
            head.write(c);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static EngineRequest post(RequestBody body) {
        return new EngineRequest("POST", "/x", Headers.NONE, body, new Cancellation());
    }

    private static RequestBody body(InputStream in, long length) {
        return new RequestBody() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() {
                return in;
            }
        };
    }

    private static InputStream breakingAfter(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == bytes.length) {
                    throw new IOException("client gone");
                }
                return bytes[at++];
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                b[off] = (byte) read();
                return 1;
            }
        };
    }

    @Test
    void aDeadlineCoversTheHandshakeToo() throws Exception {
        EngineClient client = client(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        assertThatThrownBy(() -> client.bytes("/_ping", Duration.ofMillis(300)))
                .hasMessage("no answer within 0.3 s");
    }

    @Test
    void usesOneConnectionForCallsOneAfterTheOther() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        EngineClient client =
                engine(
                        socket -> {
                            connections.incrementAndGet();
                            while (true) {
                                head(socket.getInputStream());
                                say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
                            }
                        });
        for (int i = 0; i < 5; i++) {
            assertThat(client.bytes("/_ping", Duration.ofSeconds(10))).asString().isEqualTo("OK");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void asksAgainWhenAKeptConnectionIsDeadButNeverRepeatsAChange() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        EngineClient client =
                engine(
                        socket -> {
                            asked.add(head(socket.getInputStream()).split(" ")[0]);
                            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
                            asked.add(head(socket.getInputStream()).split(" ")[0] + " unanswered");
                            socket.close();
                        });
        client.bytes("/a", Duration.ofSeconds(10));
        assertThat(client.bytes("/b", Duration.ofSeconds(10))).asString().isEqualTo("OK");
        assertThatThrownBy(() -> client.send(post(RequestBody.none())))
                .isInstanceOf(IOException.class);
        assertThat(asked).containsExactly("GET", "GET unanswered", "GET", "POST unanswered");
    }

    @Test
    void aCutUploadNeverLooksCompleteToTheEngine() throws Exception {
        for (long length : new long[] {RequestBody.CHUNKED, 10}) {
            CompletableFuture<String> received = new CompletableFuture<>();
            EngineClient client =
                    engine(
                            socket -> {
                                StringBuilder all = new StringBuilder();
                                try {
                                    for (int c = socket.getInputStream().read();
                                            c >= 0;
                                            c = socket.getInputStream().read()) {
                                        all.append((char) c);
                                    }
                                } catch (IOException reset) {
                                    all.append("<reset>");
                                }
                                received.complete(all.toString());
                            });
            assertThatThrownBy(() -> client.send(post(body(breakingAfter("abc"), length))))
                    .hasMessageContaining("client gone");
            assertThat(received.get()).doesNotContain("\r\n0\r\n").endsWith("<reset>");
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheUploadIsStillRead() throws Exception {
        EngineClient client =
                engine(
                        socket -> {
                            head(socket.getInputStream());
                            say(
                                    socket,
                                    "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnope");
                        });
        try (EngineReply reply =
                client.send(post(body(InputStream.nullInputStream(), RequestBody.CHUNKED)))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body().readAllBytes()).asString().isEqualTo("nope");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAnError() throws Exception {
        for (String answer :
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Enc",
                        "")) {
            EngineClient client =
                    engine(
                            socket -> {
                                head(socket.getInputStream());
                                say(socket, answer);
                                socket.close();
                            });
            assertThatThrownBy(() -> client.bytes("/x", Duration.ofSeconds(10)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAnswerThatTricklesMeetsTheDeadline() throws Exception {
        EngineClient client =
                engine(
                        socket -> {
                            head(socket.getInputStream());
                            say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            while (true) {
                                say(socket, "1\r\na\r\n");
                                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                            }
                        });
        assertThatThrownBy(() -> client.bytes("/x", Duration.ofMillis(400)))
                .hasMessage("no answer within 0.4 s");
    }

    @Test
    void whoWaitsIsGivenUpWhenTheEngineIsButStreamsGoOn() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        EngineClient client =
                engine(
                        socket -> {
                            if (head(socket.getInputStream()).contains("/stream")) {
                                say(
                                        socket,
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                                asked.join();
                                say(socket, "1\r\na\r\n");
                            } else {
                                asked.complete(true);
                            }
                        });
        try (EngineReply stream = client.send(EngineRequest.get("/stream"))) {
            CompletableFuture<Throwable> waiting = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    client.send(EngineRequest.get("/wait")).close();
                                    waiting.complete(new AssertionError("answered"));
                                } catch (IOException e) {
                                    waiting.complete(e);
                                }
                            });
            asked.join();
            client.giveUp();
            assertThat(waiting.get()).hasMessageContaining("given up");
            assertThat(stream.body().read()).isEqualTo('a');
        }
    }

    @Test
    void streamsOfAnEngineThatHangsGoOnAndThoseOfOneThatIsGoneAreCut() throws Exception {
        CompletableFuture<Boolean> probed = new CompletableFuture<>();
        EngineClient client =
                engine(
                        socket -> {
                            head(socket.getInputStream());
                            say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            probed.join();
                            say(socket, "1\r\na\r\n");
                        });
        try (EngineReply stream = client.send(EngineRequest.get("/stream"))) {
            client.cutIfGone();
            probed.complete(true);
            assertThat(stream.body().read()).isEqualTo('a');
            ServerSocket listener = (ServerSocket) open.getFirst();
            int port = listener.getLocalPort();
            listener.close();
            // The thread that accepts keeps it for a moment.
            Await.until("nobody listens", () -> !listens(port));
            client.cutIfGone();
            assertThatThrownBy(() -> stream.body().read()).isInstanceOf(IOException.class);
        }
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static EngineRequest upgrade() {
        return new EngineRequest(
                "POST",
                "/attach",
                Headers.of("Connection", "Upgrade").with("Upgrade", "tcp"),
                RequestBody.none(),
                new Cancellation());
    }

    @Test
    void bytesThatCameWithTheHeadOfAnUpgradeAreTheStreamsFirst() throws Exception {
        for (String head :
                List.of(
                        "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")) {
            EngineClient client =
                    engine(
                            socket -> {
                                assertThat(head(socket.getInputStream()))
                                        .contains("Connection: Upgrade", "Upgrade: tcp");
                                say(socket, head + "early");
                                byte[] in = socket.getInputStream().readAllBytes();
                                say(socket, " got " + new String(in, StandardCharsets.US_ASCII));
                                socket.close();
                            });
            try (EngineReply reply = client.send(upgrade())) {
                RawStream raw = java.util.Objects.requireNonNull(reply.raw());
                assertThat(raw.in().readNBytes(5)).asString().isEqualTo("early");
                raw.out().write("stdin".getBytes(StandardCharsets.US_ASCII));
                raw.endOut();
                assertThat(raw.in().readAllBytes()).asString().isEqualTo(" got stdin");
            }
        }
    }

    @Test
    void whatAnEngineSaidBeforeItEndedIsReadByWhoIsSlowAndStillSends() throws Exception {
        byte[] output = new byte[8_000_000];
        new java.util.Random(26).nextBytes(output);
        EngineClient client =
                engine(
                        socket -> {
                            head(socket.getInputStream());
                            say(socket, "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n");
                            socket.getOutputStream().write(output);
                            socket.shutdownOutput();
                        });
        try (EngineReply reply = client.send(upgrade())) {
            RawStream raw = java.util.Objects.requireNonNull(reply.raw());
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (true) {
                                        raw.out().write(new byte[8192]);
                                    }
                                } catch (IOException e) {
                                    // The engine takes no more.
                                }
                            });
            Await.pause(Duration.ofMillis(300));
            assertThat(raw.in().readAllBytes()).isEqualTo(output);
        }
    }

    @Test
    void anOrdinaryAnswerToAnUpgradeIsNotAStream() throws Exception {
        EngineClient client =
                engine(
                        socket -> {
                            head(socket.getInputStream());
                            say(socket, "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno");
                        });
        try (EngineReply reply = client.send(upgrade())) {
            assertThat(reply.raw()).isNull();
            assertThat(reply.body().readAllBytes()).asString().isEqualTo("no");
        }
    }

    @Test
    void aStreamOfAnEngineThatIsKilledBreaks() throws Exception {
        CompletableFuture<Socket> below = new CompletableFuture<>();
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Socket tcp = server.accept();
                                Socket tls =
                                        pki.context()
                                                .getSocketFactory()
                                                .createSocket(tcp, null, true);
                                ((javax.net.ssl.SSLSocket) tls).setUseClientMode(false);
                                head(tls.getInputStream());
                                say(tls, "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nhalf");
                                below.complete(tcp);
                            } catch (IOException e) {
                                below.completeExceptionally(e);
                            }
                        });
        EngineClient client = client(server);
        try (EngineReply reply = client.send(upgrade())) {
            RawStream raw = java.util.Objects.requireNonNull(reply.raw());
            assertThat(raw.in().readNBytes(4)).asString().isEqualTo("half");
            below.get().close();
            assertThatThrownBy(() -> raw.in().read()).hasMessage("the engine broke off");
        }
    }

    @Test
    void refusesAnEngineWithACertificateForAnotherAddress() throws Exception {
        SSLServerSocket server =
                (SSLServerSocket)
                        pki.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.2"));
        open.add(server);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                open.add(server.accept());
                                ((javax.net.ssl.SSLSocket) open.getLast()).startHandshake();
                            } catch (IOException e) {
                                // Refused by the client.
                            }
                        });
        Member member =
                new Member(
                        "n",
                        "127.0.0.2",
                        server.getLocalPort(),
                        "",
                        pki.ca(),
                        pki.cert(),
                        pki.key());
        EngineClient client =
                new EngineClient(member, pki.contexts(), environment(Duration.ofSeconds(10)));
        open.add(client);
        assertThatThrownBy(() -> client.bytes("/_ping", Duration.ofSeconds(10)))
                .hasMessageStartingWith("TLS failed: ")
                .hasMessageContaining("127.0.0.2");
    }
}
