package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take as much as they can: others are still served. */
@Timeout(60)
class HostileClientsTest extends ServerFixture {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static final HttpServer.Timings SLOW_TO_DROP = HttpServer.Timings.DEFAULT;

    private final List<Socket> attackers = new ArrayList<>();
    private final Deadlines ours = new Deadlines();

    private HttpServer limited(ConnectionLimits limits, Supplier<SSLContext> tls) {
        return HttpServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                tls,
                request -> handler.handle(request),
                ours,
                SLOW_TO_DROP,
                new Admission(limits));
    }

    private void connect(InetSocketAddress to, byte[] words) throws IOException {
        Socket socket = new Socket(to.getAddress(), to.getPort());
        attackers.add(socket);
        socket.getOutputStream().write(words);
    }

    private void leave() throws IOException {
        for (Socket attacker : attackers) {
            attacker.close();
        }
        ours.close();
    }

    @Test
    void thousandsOfSilentConnectionsKeepNoClientOut() throws Exception {
        try (HttpServer crowded =
                limited(new ConnectionLimits(64, 32, 0, 100, 4), pki.contexts())) {
            InetSocketAddress address = (InetSocketAddress) crowded.address();
            for (int i = 0; i < 3000; i++) {
                connect(address, new byte[0]);
                if (i % 500 == 499) {
                    try (TestClient client = new TestClient(address, pki.context())) {
                        assertThat(client.say(GET).hear("hello")).startsWith("HTTP/1.1 200");
                    }
                }
            }
            Await.until("the silent ones are dropped", () -> open() <= 32);
        } finally {
            leave();
        }
    }

    private long open() {
        return attackers.stream().filter(socket -> !ended(socket)).count();
    }

    private static boolean ended(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aHandshakeThatStopsMakesRoomAfterASecond() throws Exception {
        byte[] half = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01};
        try (HttpServer crowded = limited(new ConnectionLimits(16, 8, 0, 100, 4), pki.contexts())) {
            InetSocketAddress address = (InetSocketAddress) crowded.address();
            for (int i = 0; i < 100; i++) {
                connect(address, half);
            }
            Await.pause(Duration.ofMillis(1100));
            try (TestClient client = new TestClient(address, pki.context())) {
                assertThat(client.say(GET).hear("hello")).startsWith("HTTP/1.1 200");
            }
        } finally {
            leave();
        }
    }

    @Test
    void anIdleClientMakesRoomForTheNextOne() throws Exception {
        try (HttpServer crowded = limited(new ConnectionLimits(64, 32, 0, 4, 2), pki.contexts())) {
            InetSocketAddress address = (InetSocketAddress) crowded.address();
            List<TestClient> idle = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TestClient client = new TestClient(address, pki.context());
                idle.add(client);
                assertThat(client.say(GET).hear("hello")).startsWith("HTTP/1.1 200");
            }
            assertThat(idle.getFirst().rest()).isEmpty();
            assertThat(idle.getLast().say(GET).hear("hello")).startsWith("HTTP/1.1 200");
            for (TestClient client : idle) {
                client.close();
            }
        } finally {
            leave();
        }
    }

    @Test
    void aClientOverTheLimitGetsAnError() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        handler =
                request -> {
                    running.incrementAndGet();
                    await(go);
                    return Response.text(200, "hello");
                };
        try (HttpServer crowded = limited(new ConnectionLimits(64, 32, 0, 2, 2), pki.contexts())) {
            InetSocketAddress address = (InetSocketAddress) crowded.address();
            try (TestClient one = new TestClient(address, pki.context());
                    TestClient two = new TestClient(address, pki.context());
                    TestClient over = new TestClient(address, pki.context())) {
                one.say(GET);
                two.say(GET);
                Await.until("both are served", () -> running.get() == 2);
                assertThat(over.say(GET).rest())
                        .startsWith("HTTP/1.1 503")
                        .contains("the endpoint serves 2 clients already");
                go.countDown();
                assertThat(one.hear("hello")).startsWith("HTTP/1.1 200");
                Await.until(
                        "there is room again",
                        () -> {
                            try (TestClient next = new TestClient(address, pki.context())) {
                                return next.say(GET).hear("\r\n").startsWith("HTTP/1.1 200");
                            } catch (IOException e) {
                                return false;
                            }
                        });
            }
        } finally {
            leave();
        }
    }

    @Test
    void anErrorOfOneConnectionEndsNothingElse() throws Exception {
        AtomicInteger left = new AtomicInteger(20);
        Supplier<SSLContext> breaks =
                () -> {
                    if (left.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("as if");
                    }
                    return pki.context();
                };
        try (HttpServer crowded = limited(new ConnectionLimits(64, 32, 0, 4, 2), breaks)) {
            InetSocketAddress address = (InetSocketAddress) crowded.address();
            for (int i = 0; i < 20; i++) {
                connect(address, new byte[] {0x16});
            }
            Await.until("all have failed", () -> left.get() <= 0);
            try (TestClient client = new TestClient(address, pki.context())) {
                assertThat(client.say(GET).hear("hello")).startsWith("HTTP/1.1 200");
            }
        } finally {
            leave();
        }
    }

    private HttpServer impatient() {
        HttpServer.Timings timings =
                new HttpServer.Timings(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1));
        return HttpServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                pki.contexts(),
                request -> handler.handle(request),
                ours,
                timings,
                admission());
    }

    @Test
    void aBodyThatTricklesIsCutOffWithASentence() throws Exception {
        handler =
                request -> {
                    request.body().whole(1 << 20);
                    return Response.text(200, "hello");
                };
        try (HttpServer server = impatient();
                TestClient client =
                        new TestClient((InetSocketAddress) server.address(), pki.context())) {
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
            Thread trickles =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (true) {
                                                client.say("a");
                                                Await.pause(Duration.ofMillis(100));
                                            }
                                        } catch (IOException e) {
                                            // Cut off.
                                        }
                                    });
            assertThat(client.hear("}"))
                    .startsWith("HTTP/1.1 408")
                    .contains("did not come within 1 s");
            trickles.join();
        } finally {
            leave();
        }
    }

    @Test
    void anUploadThatIsPassedOnMustGoOn() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        handler =
                request -> {
                    try (InputStream in = request.body().open()) {
                        in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        failed.countDown();
                        throw e;
                    }
                    return Response.text(200, "hello");
                };
        try (HttpServer server = impatient()) {
            InetSocketAddress address = (InetSocketAddress) server.address();
            try (TestClient client = new TestClient(address, pki.context())) {
                client.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                try {
                    while (failed.getCount() > 0) {
                        client.say("1\r\na\r\n");
                        Await.pause(Duration.ofMillis(100));
                    }
                } catch (IOException e) {
                    // Cut off.
                }
                failed.await();
            }
            try (TestClient client = new TestClient(address, pki.context())) {
                client.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 25; i++) {
                    client.say("1000\r\n" + "a".repeat(0x1000) + "\r\n");
                    Await.pause(Duration.ofMillis(100));
                }
                client.say("0\r\n\r\n");
                assertThat(client.hear("hello")).startsWith("HTTP/1.1 200");
            }
        } finally {
            leave();
        }
    }

    @Test
    void aClientDoesNotBeginASecondHandshake() throws Exception {
        try (TestClient client = client()) {
            client.socket().setEnabledProtocols(new String[] {"TLSv1.2"});
            client.say(GET).hear("hello");
            client.socket().startHandshake();
            assertThatThrownBy(
                            () -> {
                                client.say(GET).hear("hello");
                                client.say(GET).hear("hello");
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(ask(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))).endsWith("hello");
    }

    @Test
    void theLoopThatTakesConnectionsOutlivesAnyError() throws Exception {
        AtomicInteger left = new AtomicInteger(3);
        Listener real = TlsListener.at(new InetSocketAddress("127.0.0.1", 0), pki.contexts());
        Listener breaks =
                new Listener() {
                    @Override
                    public SocketAddress address() {
                        return real.address();
                    }

                    @Override
                    public Socket accept() throws IOException {
                        if (left.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("as if");
                        }
                        return real.accept();
                    }

                    @Override
                    public Socket open(Socket accepted) throws IOException {
                        return real.open(accepted);
                    }

                    @Override
                    public void close() throws IOException {
                        real.close();
                    }
                };
        try (HttpServer server =
                        HttpServer.start(
                                breaks,
                                request -> handler.handle(request),
                                ours,
                                SLOW_TO_DROP,
                                admission());
                TestClient client =
                        new TestClient((InetSocketAddress) server.address(), pki.context())) {
            assertThat(client.say(GET).hear("hello")).startsWith("HTTP/1.1 200");
            assertThat(left.get()).isNegative();
        } finally {
            leave();
        }
    }

    @Test
    void anErrorOfTheHandlerIsAnAnswer() throws Exception {
        handler =
                request -> {
                    throw new StackOverflowError("as if");
                };
        try (TestClient client = client()) {
            assertThat(client.say(GET).hear("as if")).startsWith("HTTP/1.1 500");
        }
    }
}
