package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How a {@link FakeEngine} makes containers: at once or late, well or not. */
public final class FakeCreates {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What goes wrong with one create. */
    public enum Fault {
        /** The engine answers 500. */
        REFUSE,
        /** The connection breaks, nothing is made. */
        CUT_BEFORE,
        /** The container is made, the connection breaks. */
        CUT_AFTER,
        /** The engine dies, nothing is made. */
        DIE_BEFORE,
        /** The container is made, the engine dies. */
        DIE_AFTER
    }

    private final FakeEngine engine;
    private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> pulls = new ConcurrentHashMap<>();
    private volatile long delay;
    private volatile boolean strict;
    private volatile String registry = "";

    FakeCreates(FakeEngine engine) {
        this.engine = engine;
    }

    /** Each create and pull takes this long. */
    public FakeCreates delay(long millis) {
        delay = millis;
        return this;
    }

    /**
     * Images must be there, or be pulled.
     *
     * @param error what a pull ends with; empty if pulls go well
     */
    public FakeCreates needImages(String error) {
        strict = true;
        registry = error;
        return this;
    }

    /** The next creates fail so. */
    public void fail(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** How often each image was pulled. */
    public Map<String, Integer> pulls() {
        return Map.copyOf(pulls);
    }

    void create(HttpExchange exchange) throws IOException, InterruptedException {
        JsonNode settings = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String name = parameter(exchange, "name");
        String refusal = engine.networks().refusal(settings, engine.version(exchange));
        if (refusal != null) {
            FakeEngine.send(
                    exchange, 400, JSON.createObjectNode().put("message", refusal).toString());
            return;
        }
        TimeUnit.MILLISECONDS.sleep(delay);
        Fault fault = faults.poll();
        if (fault == Fault.REFUSE) {
            FakeEngine.send(exchange, 500, "{\"message\":\"no space left on device\"}");
            return;
        }
        if (fault == Fault.CUT_BEFORE || fault == Fault.DIE_BEFORE) {
            cut(exchange, fault == Fault.DIE_BEFORE);
            return;
        }
        String image = settings.path("Image").asText();
        if (strict && !has(image)) {
            FakeEngine.send(exchange, 404, "{\"message\":\"No such image: " + image + "\"}");
            return;
        }
        FakeContainer made = make(name, settings);
        if (made == null) {
            FakeEngine.send(
                    exchange,
                    409,
                    "{\"message\":\"Conflict. The container name \\\"/"
                            + name
                            + "\\\" is already in use\"}");
        } else if (fault != null) {
            cut(exchange, fault == Fault.DIE_AFTER);
        } else {
            FakeEngine.send(
                    exchange, 201, "{\"Id\":\"" + made.id() + "\",\"Warnings\":[\"as told\"]}");
        }
    }

    private synchronized FakeContainer make(String name, JsonNode settings) {
        if (engine.containers().stream().anyMatch(other -> other.name().equals(name))) {
            return null;
        }
        byte[] id = new byte[32];
        ThreadLocalRandom.current().nextBytes(id);
        FakeContainer made = new FakeContainer(HexFormat.of().formatHex(id), name, settings);
        made.imageId = engine.imageId(made.image, made.imageId);
        made.mounts(engine.volumes().mount(settings));
        engine.networks().attach(made);
        for (JsonNode link : settings.path("HostConfig").path("Links")) {
            String[] parts = link.asText().split(":");
            engine.containers().stream()
                    .filter(other -> other.name().equals(parts[0]))
                    .forEach(other -> other.links.add(name + "/" + parts[1]));
        }
        engine.add(made);
        return made;
    }

    /** Breaks the connection in the middle of an answer, or dies. */
    void cut(HttpExchange exchange, boolean die) throws IOException {
        if (die) {
            Thread.ofVirtual().start(engine::die);
        }
        // An answer shorter than announced, then the end of the connection.
        exchange.sendResponseHeaders(201, 1000);
        throw new IOException("cut");
    }

    void pull(HttpExchange exchange) throws IOException, InterruptedException {
        String image = parameter(exchange, "fromImage");
        String tag = parameter(exchange, "tag");
        String full = tag.isEmpty() ? image : image + ":" + tag;
        pulls.merge(full, 1, Integer::sum);
        TimeUnit.MILLISECONDS.sleep(delay);
        if (registry.isEmpty()) {
            engine.image("sha256:" + Integer.toHexString(full.hashCode()), full, 1);
            FakeEngine.send(exchange, 200, "{\"status\":\"Download complete\"}\n");
        } else {
            int status = registry.contains("denied") ? 404 : 500;
            FakeEngine.send(exchange, status, "{\"message\":\"" + registry + "\"}");
        }
    }

    private boolean has(String image) {
        return engine.images().stream()
                .flatMap(json -> Stream.of(json.path("RepoTags").get(0).asText()))
                .anyMatch(tag -> tag.equals(image) || tag.equals(image + ":latest"));
    }

    static String parameter(HttpExchange exchange, String key) {
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : (query == null ? "" : query).split("&")) {
            if (pair.startsWith(key + "=")) {
                return URLDecoder.decode(pair.substring(key.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
