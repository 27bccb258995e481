package dev.machine.driver.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HttpTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void theTokenFollowsNoRedirectToAnotherHost() throws IOException {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        HttpServer other =
                serve(
                        exchange -> {
                            elsewhere.add(exchange.getRequestHeaders().entrySet().toString());
                            answer(exchange, 200);
                        });
        HttpServer api =
                serve(
                        exchange -> {
                            exchange.getResponseHeaders().add("Location", url(other) + "/v2/x");
                            answer(exchange, 302);
                        });
        DriverClock time = new DriverClock(InstantSource.system(), pause -> {});
        try (HttpTransport wire =
                new HttpTransport(URI.create(url(api)), time, PATIENCE, PATIENCE)) {
            assertThatThrownBy(() -> new DigitalOceanApi("secret", wire).droplet(7))
                    .isInstanceOf(MachineException.class);
            assertThat(elsewhere).isEmpty();
        } finally {
            api.stop(0);
            other.stop(0);
        }
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() throws IOException {
        HttpServer api =
                serve(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            byte[] more = new byte[1 << 20];
                            try (OutputStream out = exchange.getResponseBody()) {
                                while (true) {
                                    out.write(more);
                                }
                            }
                        });
        assertThatThrownBy(() -> ask(api, new DriverClock(InstantSource.system(), pause -> {})))
                .hasMessageContaining("its answer is longer than 16 MB");
    }

    @Test
    void anAnswerThatTricklesIsGivenUp() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        HttpServer api =
                serve(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            try (OutputStream out = exchange.getResponseBody()) {
                                while (true) {
                                    out.write(' ');
                                    out.flush();
                                    now.updateAndGet(it -> it.plusSeconds(9));
                                }
                            }
                        });
        assertThatThrownBy(() -> ask(api, new DriverClock(now::get, pause -> {})))
                .hasMessageContaining("its answer does not come to an end");
    }

    private static void ask(HttpServer api, DriverClock time) throws IOException {
        try (HttpTransport wire =
                new HttpTransport(URI.create(url(api)), time, PATIENCE, PATIENCE)) {
            new DigitalOceanApi("secret", wire).droplet(7);
        } finally {
            api.stop(0);
        }
    }

    private static HttpServer serve(HttpHandler handler) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
