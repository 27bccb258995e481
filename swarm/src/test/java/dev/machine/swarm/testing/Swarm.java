package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.Endpoint;
import dev.machine.swarm.EndpointOptions;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.engine.EngineTimings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An endpoint over fake engines, and a client of it. */
public final class Swarm implements AutoCloseable {
    private static final EngineTimings FEW =
            new EngineTimings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    /**
     * For many engines in one process: nobody is lost because the machine is busy, nor because a
     * ping finds all connections in use and a gate shut; who goes away is noticed by its events.
     */
    private static final EngineTimings MANY =
            new EngineTimings(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(300),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    private static final int FEW_AT_MOST = 10;

    private final TestPki pki;
    private final Path members;
    private final List<FakeEngine> engines = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private TestEndpoint endpoint;

    public Swarm(Path folder) {
        pki = new TestPki(folder.resolve("certs"));
        members = folder.resolve("members");
        try {
            Files.createDirectories(members);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public FakeEngine engine(String name, String lowest, String highest) {
        FakeEngine engine = new FakeEngine(pki, name, lowest, highest);
        engine.join(members);
        engines.add(engine);
        return engine;
    }

    /** One more engine; returns the way to it, which ends with the engine. */
    public Gate gated(String name) {
        FakeEngine engine = new FakeEngine(pki, name);
        Gate gate = new Gate(engine.port());
        engine.join(members, gate.port());
        engines.add(engine);
        gates.add(gate);
        return gate;
    }

    public List<FakeEngine> engines() {
        return engines;
    }

    /** Starts the endpoint and returns when all engines are healthy. */
    public void start(String strategy) {
        endpoint = new TestEndpoint(pki, options(strategy), timings());
        endpoint.awaitHealthy(engines.size());
    }

    /** The endpoint is killed, and started again; returns when so many engines are healthy. */
    public void restart(String strategy, int healthy) {
        endpoint.close();
        endpoint = new TestEndpoint(pki, options(strategy), timings());
        endpoint.awaitHealthy(healthy);
    }

    /** Starts the endpoint and returns at once. */
    public void startUnready(String strategy) {
        endpoint = new TestEndpoint(pki, options(strategy), timings());
    }

    /** Another endpoint over the same engines; the caller closes it. */
    public Endpoint second(String strategy) {
        return Endpoint.start(options(strategy), timings());
    }

    private EndpointOptions options(String strategy) {
        return TestEndpoint.placing(
                pki, new MemberFolder(members), strategy, EndpointOptions.Images.NONE);
    }

    private EngineTimings timings() {
        return engines.size() > FEW_AT_MOST ? MANY : FEW;
    }

    public HttpResponse<String> get(String path) throws Exception {
        return endpoint.call("GET", path);
    }

    /** The same for a client that calls itself so. */
    public HttpResponse<String> get(String path, String agent) throws Exception {
        return endpoint.call(endpoint.request(path).header("User-Agent", agent).GET());
    }

    public HttpResponse<String> delete(String path) throws Exception {
        return endpoint.call("DELETE", path);
    }

    public HttpResponse<String> post(String path, String body) throws Exception {
        return endpoint.call(
                endpoint.request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Any request; a test gives it its headers. */
    public HttpRequest.Builder request(String path) {
        return endpoint.request(path);
    }

    public HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        return endpoint.call(request);
    }

    /** A client that says what it is told, byte by byte. */
    public TestClient client() throws java.io.IOException {
        return endpoint.client();
    }

    /** The lines about the swarm in {@code docker info}. */
    public String info() throws Exception {
        return endpoint.info();
    }

    /** The names of all containers, as the engines know them. */
    public List<String> names() {
        return engines.stream()
                .flatMap(engine -> engine.containers().stream())
                .map(FakeContainer::name)
                .toList();
    }

    /** Waits until the endpoint shows of every node what its engine has. */
    public void ledgersEqualEngines() {
        Map<String, String> real = new TreeMap<>();
        for (FakeEngine engine : engines) {
            long memory = engine.containers().stream().mapToLong(FakeContainer::memory).sum();
            real.put(engine.name(), engine.containers().size() + " " + (memory >> 20));
        }
        Await.until("ledgers equal engines: " + real, () -> shown().equals(real));
    }

    private Map<String, String> shown() throws Exception {
        Map<String, String> shown = new TreeMap<>();
        String node = "";
        String containers = "";
        for (JsonNode pair : endpoint.pairs()) {
            String key = pair.get(0).asText();
            String value = pair.get(1).asText();
            if (key.startsWith(" ") && !key.contains("└")) {
                node = key.strip();
            } else if (key.endsWith("Containers")) {
                containers = value;
            } else if (key.endsWith("Reserved Memory")) {
                shown.put(node, containers + " " + mebibytes(value.split(" / ")[0]));
            }
        }
        return shown;
    }

    private static long mebibytes(String size) {
        String[] parts = size.split(" ");
        double number = Double.parseDouble(parts[0]);
        return Math.round(
                switch (parts[1]) {
                    case "GiB" -> number * 1024;
                    case "MiB" -> number;
                    default -> number / (1 << 20);
                });
    }

    @Override
    public void close() {
        endpoint.close();
        gates.forEach(Gate::close);
        engines.forEach(FakeEngine::close);
    }
}
