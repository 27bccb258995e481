package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestPki;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpServerTest {
    private static final HttpServer.Timings QUICK =
            new HttpServer.Timings(
                    Duration.ofSeconds(3),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1));

    @TempDir static Path folder;

    private static TestPki pki;

    private final Deadlines deadlines = new Deadlines();
    private final AtomicInteger handled = new AtomicInteger();
    private volatile Handler handler = request -> Response.text(200, "hello");
    private HttpServer server;

    @BeforeAll
    static void certificates() {
        pki = new TestPki(folder);
    }

    @BeforeEach
    void start() {
        server =
                HttpServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        pki.context(),
                        request -> {
                            handled.incrementAndGet();
                            return handler.handle(request);
                        },
                        deadlines,
                        QUICK);
    }

    @AfterEach
    void stop() {
        server.close();
        deadlines.close();
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) server.address();
    }

    private TestClient client() throws IOException {
        return new TestClient(address(), pki.context());
    }

    private String ask(String text) throws IOException {
        try (TestClient client = client()) {
            return client.say(text).rest();
        }
    }

    @Test
    void answersSeveralRequestsOnOneConnection() throws Exception {
        try (TestClient client = client()) {
            for (int i = 0; i < 5; i++) {
                client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.hear("hello"))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("Content-Length: 5");
            }
            client.say(
                    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .contains("hello")
                    .endsWith("hello")
                    .contains("Connection: close");
        }
        assertThat(handled).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksTls12AndTls13(String version) throws Exception {
        try (TestClient client = client()) {
            client.socket().setEnabledProtocols(new String[] {version});
            client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).endsWith("hello");
            assertThat(client.socket().getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void refusesPlainTcp() throws Exception {
        try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String heard = "";
            try {
                heard =
                        new String(
                                socket.getInputStream().readAllBytes(),
                                StandardCharsets.ISO_8859_1);
            } catch (java.net.SocketException reset) {
                // A reset is as good as an alert.
            }
            assertThat(heard).doesNotContain("HTTP");
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesAClientWithoutCertificate(String version) throws Exception {
        SSLContext bare = SSLContext.getInstance("TLS");
        bare.init(null, new TrustManager[] {new TrustsAll()}, null);
        assertThatThrownBy(
                        () -> {
                            try (SSLSocket socket =
                                    (SSLSocket)
                                            bare.getSocketFactory()
                                                    .createSocket(
                                                            address().getAddress(),
                                                            address().getPort())) {
                                socket.setEnabledProtocols(new String[] {version});
                                socket.getOutputStream()
                                        .write(
                                                "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
                                                        .getBytes(StandardCharsets.US_ASCII));
                                if (socket.getInputStream().read() < 0) {
                                    throw new IOException("closed without an answer");
                                }
                            }
                        })
                .isInstanceOf(IOException.class);
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesAClientOfAnotherCa(@TempDir Path other) throws Exception {
        SSLContext stranger = new TestPki(other).context();
        assertThatThrownBy(
                        () ->
                                new TestClient(address(), stranger)
                                        .say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                                        .rest())
                .isInstanceOf(IOException.class);
        assertThat(handled).hasValue(0);
    }

    static Stream<String> smuggled() {
        return Stream.of(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tfolded\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET //_ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x/_ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET _ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                "GET /\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("smuggled")
    void refusesWhatTwoServersMightReadInTwoWays(String request) throws Exception {
        String answer = ask(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("{\"message\":")
                .doesNotContain("hello");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+3\r\nabc\r\n",
                "-3\r\nabc\r\n",
                " 3\r\nabc\r\n",
                "3 x\r\nabc\r\n",
                "0x3\r\nabc\r\n",
                "3\r\nabcd\r\n",
                "ffffffffffffffff\r\nabc",
                "g\r\n\r\n"
            })
    void refusesBadChunks(String chunk) throws Exception {
        AtomicReference<String> read = new AtomicReference<>("");
        handler =
                request -> {
                    read.set(
                            new String(
                                    request.body().open().readAllBytes(),
                                    StandardCharsets.US_ASCII));
                    return Response.text(200, "whole");
                };
        String answer = "";
        try {
            answer =
                    ask(
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + chunk
                                    + "0\r\n\r\n");
        } catch (IOException reset) {
            // As good as a refusal.
        }
        assertThat(answer).doesNotContain("whole").matches("(?s)(HTTP/1.1 400.*)?");
        assertThat(read).hasValue("");
    }

    @Test
    void takesChunksWithExtensionsAndTrailers() throws Exception {
        handler =
                request ->
                        Response.text(
                                200,
                                "<"
                                        + new String(
                                                request.body().open().readAllBytes(),
                                                StandardCharsets.US_ASCII)
                                        + ">");
        assertThat(
                        ask(
                                "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n"))
                .endsWith("<abcde>");
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(300) + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(
                        ask(
                                "GET / HTTP/1.1\r\nHost: x\r\n"
                                        + ("X: " + "a".repeat(8000) + "\r\n").repeat(12)
                                        + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(handled).hasValue(0);
    }

    @Test
    void aHeadThatDoesNotEndIsCutOff() throws Exception {
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\nX: slow");
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    client.say("x");
                                    Thread.sleep(50);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCutUploadIsAnErrorForWhoReadsIt() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        handler =
                request -> {
                    try {
                        request.body().open().readAllBytes();
                    } catch (IOException e) {
                        failed.countDown();
                        throw e;
                    }
                    return Response.text(200, "whole");
                };
        for (String framing :
                new String[] {
                    "Content-Length: 10\r\n\r\nabc",
                    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                }) {
            try (TestClient client = client()) {
                client.say("POST / HTTP/1.1\r\nHost: x\r\n" + framing);
            }
        }
        failed.await();
    }

    @Test
    void aBodyWhoseSourceBreaksNeverLooksComplete() throws Exception {
        InputStream breaks =
                new InputStream() {
                    private int left = 3;

                    @Override
                    public int read() throws IOException {
                        if (left-- == 0) {
                            throw new IOException("engine gone");
                        }
                        return 'a';
                    }

                    @Override
                    public int read(byte[] b, int off, int len) throws IOException {
                        b[off] = (byte) read();
                        return 1;
                    }
                };
        handler =
                request ->
                        new Response(200, Headers.NONE, new Response.Relay(breaks, -1, () -> {}));
        StringBuilder heard = new StringBuilder();
        assertThatThrownBy(
                        () -> {
                            try (TestClient client = client()) {
                                client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                                while (true) {
                                    int c = client.socket().getInputStream().read();
                                    if (c < 0) {
                                        throw new IOException("end of file");
                                    }
                                    heard.append((char) c);
                                }
                            }
                        })
                .isInstanceOf(IOException.class);
        assertThat(heard).doesNotContain("\r\n0\r\n");
    }

    @Test
    void whatIsThereIsFlushedBeforeTheNextWait() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Live(
                                        out -> {
                                            out.write('a');
                                            out.flush();
                                            await(seen);
                                            out.write('b');
                                        }));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n1\r\na\r\n");
            seen.countDown();
            client.hear("\r\n0\r\n\r\n");
        }
    }

    @Test
    void theHeadOfAStreamIsSentBeforeItsFirstByte() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        handler = request -> new Response(200, Headers.NONE, new Response.Live(out -> await(seen)));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("Transfer-Encoding: chunked");
            seen.countDown();
        }
    }

    @Test
    void aClientThatLeavesIsNoticedWhileItsAnswerWaits() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        handler =
                request -> {
                    request.cancellation().attach(gone::countDown);
                    request.cancellation().attach(never::countDown);
                    return new Response(200, Headers.NONE, new Response.Live(out -> await(never)));
                };
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n\r\n");
        }
        gone.await();
    }

    @Test
    void aClientThatLeavesAfterItsUploadIsNoticedToo() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        handler =
                request -> {
                    request.cancellation().attach(gone::countDown);
                    request.body().open().readAllBytes();
                    await(gone);
                    return Response.empty(204);
                };
        try (TestClient client = client()) {
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
            Await.until("handler runs", () -> handled.get() == 1);
        }
        gone.await();
    }

    @Test
    void aClientThatAsksForPermissionGetsIt() throws Exception {
        handler =
                request ->
                        Response.text(
                                200,
                                "<"
                                        + new String(
                                                request.body().open().readAllBytes(),
                                                StandardCharsets.US_ASCII)
                                        + ">");
        try (TestClient client = client()) {
            client.say(
                            "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                    .hear("100 Continue\r\n\r\n");
            assertThat(client.say("abc").hear(">")).contains("<abc");
        }
    }

    @Test
    void aBodyThatNobodyReadIsSkippedBeforeTheNextRequest() throws Exception {
        try (TestClient client = client()) {
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345")
                    .hear("hello");
            client.say(
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n")
                    .hear("hello");
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("hello");
        }
    }

    @Test
    void http10GetsItsAnswerToTheEndOfTheConnection() throws Exception {
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Relay(
                                        new ByteArrayInputStream(
                                                "old".getBytes(StandardCharsets.US_ASCII)),
                                        -1,
                                        () -> {}));
        assertThat(ask("GET / HTTP/1.0\r\n\r\n")).doesNotContain("chunked").endsWith("\r\n\r\nold");
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        assertThat(ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 5")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anErrorOfTheHandlerIsAMessage() throws Exception {
        handler =
                request -> {
                    throw new HttpProblem(409, "the \"name\" is taken");
                };
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 409")
                .endsWith("{\"message\":\"the \\\"name\\\" is taken\"}\n");
    }

    @Test
    void stoppingLetsARunningAnswerEndAndClosesIdleConnections() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        handler =
                request -> {
                    running.countDown();
                    await(go);
                    return Response.text(200, "last");
                };
        try (TestClient idle = client();
                TestClient busy = client()) {
            idle.socket().startHandshake();
            busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            running.await();
            Thread stopping = Thread.ofVirtual().start(server::close);
            Await.until(
                    "no new connections",
                    () -> {
                        try {
                            new Socket(address().getAddress(), address().getPort()).close();
                            return false;
                        } catch (IOException refused) {
                            return true;
                        }
                    });
            go.countDown();
            assertThat(busy.rest()).contains("Connection: close").endsWith("last");
            stopping.join();
        }
    }

    @Test
    void stoppingCutsAnAnswerThatNeverEnds() throws Exception {
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Live(out -> await(new CountDownLatch(1))));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n\r\n");
            server.close();
            assertThatThrownBy(
                            () -> {
                                if (client.socket().getInputStream().read() < 0) {
                                    throw new IOException("end");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
