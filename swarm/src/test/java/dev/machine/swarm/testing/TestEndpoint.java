package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.Endpoint;
import dev.machine.swarm.EndpointOptions;
import dev.machine.swarm.discovery.Discovery;
import dev.machine.swarm.discovery.PemFiles;
import dev.machine.swarm.engine.EngineTimings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running endpoint and a client of it. */
public final class TestEndpoint implements AutoCloseable {
    /** Nobody is waited for long; for a few engines. */
    public static final EngineTimings QUICK =
            new EngineTimings(
                    Duration.ofSeconds(2),
                    Duration.ofMillis(800),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    private static final String ANYWHERE = "tcp://127.0.0.1:0";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestPki pki;
    private final Endpoint endpoint;
    private final HttpClient client;

    public TestEndpoint(TestPki pki, EndpointOptions options, EngineTimings timings) {
        this.pki = pki;
        endpoint = Endpoint.start(options, timings);
        client =
                HttpClient.newBuilder()
                        .sslContext(pki.context())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    /** What an endpoint needs to know, where nothing but the members matters. */
    public static EndpointOptions options(TestPki pki, Discovery members) {
        return listening(pki, members, ANYWHERE, null);
    }

    /** Where it listens and what it locks matter. */
    public static EndpointOptions listening(
            TestPki pki, Discovery members, String host, Path lock) {
        return options(pki, members, host, "spread", EndpointOptions.Images.NONE, lock);
    }

    /** How nodes are chosen and what images they get matter. */
    public static EndpointOptions placing(
            TestPki pki, Discovery members, String strategy, EndpointOptions.Images images) {
        return options(pki, members, ANYWHERE, strategy, images, null);
    }

    private static EndpointOptions options(
            TestPki pki,
            Discovery members,
            String host,
            String strategy,
            EndpointOptions.Images images,
            Path lock) {
        return new EndpointOptions(
                new EndpointOptions.Listening(
                        List.of(host), new PemFiles(pki.ca(), pki.cert(), pki.key())),
                new EndpointOptions.Engines(members, null),
                EndpointOptions.Scheduling.by(strategy),
                images,
                lock);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) endpoint.address();
    }

    /** Where it listens, as it tells. */
    public List<String> addresses() {
        return endpoint.addresses();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + address().getPort() + path));
    }

    public HttpResponse<String> call(String method, String path) throws Exception {
        return call(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    public HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        return client.send(
                request.timeout(Duration.ofSeconds(50)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The same, while the test goes on. */
    public CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An answer that is read as it comes. */
    public HttpResponse<InputStream> stream(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** A client that says what it is told, byte by byte. */
    public TestClient client() throws IOException {
        return new TestClient(address(), pki.context());
    }

    /** The pairs about the swarm in {@code docker info}. */
    JsonNode pairs() throws Exception {
        return JSON.readTree(call("GET", "/v1.41/info").body()).path("SystemStatus");
    }

    /** The lines about the swarm in {@code docker info}. */
    public String info() throws Exception {
        StringBuilder text = new StringBuilder();
        for (JsonNode pair : pairs()) {
            text.append(pair.get(0).asText()).append(": ").append(pair.get(1).asText());
            text.append('\n');
        }
        return text.toString();
    }

    /** Returns when so many nodes are healthy. */
    public void awaitHealthy(int nodes) {
        String healthy = "└ Status: Healthy";
        Await.until(nodes + " nodes healthy", () -> info().split(healthy, -1).length - 1 == nodes);
    }

    @Override
    public void close() {
        client.shutdownNow();
        endpoint.close();
    }
}
