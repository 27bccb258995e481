package dev.machine.swarm.http;

import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of one handler behind TLS, and clients of it. */
abstract class ServerFixture {
    private static final HttpServer.Timings QUICK =
            new HttpServer.Timings(
                    Duration.ofSeconds(3),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1));

    @TempDir static Path folder;

    static TestPki pki;

    private final Deadlines deadlines = new Deadlines();
    final AtomicInteger handled = new AtomicInteger();
    volatile Handler handler = request -> Response.text(200, "hello");
    HttpServer server;

    @BeforeAll
    static void certificates() {
        pki = new TestPki(folder);
    }

    @BeforeEach
    void start() {
        server =
                HttpServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        pki.contexts(),
                        request -> {
                            handled.incrementAndGet();
                            return handler.handle(request);
                        },
                        deadlines,
                        QUICK,
                        admission());
    }

    @AfterEach
    void stop() {
        server.close();
        deadlines.close();
    }

    static Admission admission() {
        return new Admission(ConnectionLimits.ofThisProcess());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.address();
    }

    TestClient client() throws IOException {
        return new TestClient(address(), pki.context());
    }

    String ask(String text) throws IOException {
        try (TestClient client = client()) {
            return client.say(text).rest();
        }
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
