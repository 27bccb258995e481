package dev.machine.driver.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;

/** What answers at the API's address: understood, or one sentence. The first byte is the status. */
class AnswersFuzzTest {
    private static final List<Integer> STATUSES = List.of(200, 201, 202, 204, 404, 422, 429, 500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FakeAnswer FAKE = new FakeAnswer();

    @FuzzTest(maxDuration = "5s")
    void areUnderstoodOrOneSentence(byte[] input) throws IOException {
        // Jazzer's own look-out for connections: this one is meant.
        BugDetectors.allowNetworkConnections((host, port) -> host.equals("localhost"));
        FAKE.answer = input;
        FAKE.asked = 0;
        DriverClock time = new DriverClock(InstantSource.system(), pause -> {});
        try (HttpTransport wire = new HttpTransport(FAKE.address, time, PATIENCE, PATIENCE)) {
            DigitalOceanApi api = new DigitalOceanApi("token", wire);
            List<Runnable> calls =
                    List.of(
                            () -> assertThat(api.droplet(7)).isNotNull(),
                            () -> assertThat(api.tagged("machine")).isNotNull(),
                            () -> assertThat(api.offers().sizes()).isNotNull(),
                            () -> assertThat(api.image("debian-12-x64")).isNotNull(),
                            () -> assertThat(api.hasKey("aa:bb")).isIn(true, false),
                            () -> api.remove(7),
                            () -> api.powerOn(7));
            for (Runnable call : calls) {
                try {
                    call.run();
                } catch (MachineException e) {
                    assertThat(e.sentence()).isNotBlank();
                }
            }
        }
    }

    /** Answers everything alike; when it has been too busy once, it is not again. */
    private static final class FakeAnswer {
        private final URI address;
        private volatile byte[] answer = new byte[0];
        private volatile int asked;

        FakeAnswer() {
            try {
                HttpServer server =
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                server.createContext("/", this::handle);
                server.setExecutor(
                        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
                server.start();
                address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void handle(HttpExchange exchange) throws IOException {
            byte[] now = answer;
            int status = now.length == 0 ? 200 : STATUSES.get(now[0] & 7);
            asked++;
            if (status == 429 && asked % 2 == 0) {
                status = 200;
            }
            byte[] body = now.length == 0 ? now : java.util.Arrays.copyOfRange(now, 1, now.length);
            exchange.sendResponseHeaders(
                    status, body.length == 0 || status == 204 ? -1 : body.length);
            if (status != 204) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        }
    }
}
