package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of a {@link FakeEngine}: made by calls and with the containers that name them, as an
 * engine does.
 */
public final class FakeVolumes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "all");
    private static final Set<String> LIST_FILTERS = Set.of("dangling", "driver", "label", "name");

    private final FakeEngine engine;
    private final Map<String, ObjectNode> volumes = new ConcurrentHashMap<>();
    private final Map<String, Long> sizes = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<FakeCreates.Fault> faults = new ConcurrentLinkedQueue<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean measuring = new AtomicBoolean();
    private volatile long measuringTakes;
    private final List<String> drivers = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile int status = 200;

    FakeVolumes(FakeEngine engine) {
        this.engine = engine;
    }

    /** It has a driver, for engines that are asked what they are from now on. */
    public void driver(String name) {
        drivers.add(name);
    }

    List<String> drivers() {
        return drivers;
    }

    /** One more, made without the endpoint. */
    public void create(String name) {
        create(name, "local");
    }

    /** One of a driver whose volumes are of this scope. */
    public void create(String name, String scope) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        create(name, body.put("Driver", scope.equals("local") ? "local" : "netshare"), scope);
    }

    /**
     * One with these settings, made without the endpoint.
     *
     * @param settings as JSON: Driver, DriverOpts, Labels
     */
    public void createWith(String name, String settings) {
        try {
            create(name, (ObjectNode) JSON.readTree(settings), "local");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode create(String name, ObjectNode settings, String scope) {
        ObjectNode volume = JsonNodeFactory.instance.objectNode();
        String driver = settings.path("Driver").asText("");
        volume.put("Name", name).put("Driver", driver.isEmpty() ? "local" : driver);
        volume.put("Scope", scope).put("Mountpoint", "/var/lib/docker/volumes/" + name);
        volume.set("Labels", settings.path("Labels").isObject() ? settings.get("Labels") : null);
        volume.set(
                "Options",
                settings.path("DriverOpts").isObject() ? settings.get("DriverOpts") : null);
        ObjectNode before = volumes.putIfAbsent(name, volume);
        if (before == null && !silent) {
            tell("create", name, volume.path("Driver").asText());
        }
        return before == null ? volume : before;
    }

    /** Removed without the endpoint. */
    public void remove(String name) {
        ObjectNode volume = volumes.remove(name);
        sizes.remove(name);
        tell("destroy", name, volume == null ? "local" : volume.path("Driver").asText());
    }

    private void tell(String action, String name, String driver) {
        engine.event("volume", action, name, Map.of("driver", driver));
    }

    /** Its files have so many bytes from now on. */
    public void holds(String name, long bytes) {
        sizes.put(name, bytes);
    }

    /** A container of which nobody has heard yet uses it from now on. */
    public void busy(String name) {
        busy.add(name);
    }

    /** From now on it takes so many milliseconds to measure them. */
    public void measuringTakes(long millis) {
        measuringTakes = millis;
    }

    /** From now on no event tells of a volume. */
    public void silent() {
        silent = true;
    }

    /** From now on the list is answered so. */
    public void answers(int code) {
        status = code;
    }

    /** The next creates fail so. */
    public void fail(FakeCreates.Fault... next) {
        faults.addAll(List.of(next));
    }

    /** What was to fail and has not been asked for does not fail any more. */
    public void forgive() {
        faults.clear();
    }

    public Set<String> names() {
        return Set.copyOf(volumes.keySet());
    }

    /** A volume as the engine describes it, or null. */
    public @Nullable JsonNode volume(String name) {
        return volumes.get(name);
    }

    void handle(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        if (path.equals("/volumes")) {
            list(exchange);
        } else if (path.equals("/volumes/create") && method.equals("POST")) {
            create(exchange);
        } else if (path.equals("/volumes/prune") && method.equals("POST")) {
            prune(exchange);
        } else {
            one(exchange, path.substring("/volumes/".length()), method);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        JsonNode filters = filters(exchange);
        if (status != 200 || invalid(exchange, filters, LIST_FILTERS)) {
            FakeEngine.send(exchange, status, "{\"message\":\"driver\"}");
            return;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("Volumes");
        for (ObjectNode volume : new TreeMap<>(volumes).values()) {
            String name = volume.path("Name").asText();
            if (any(filters.path("name"), name::contains)
                    && any(filters.path("driver"), volume.path("Driver").asText()::equals)
                    && any(
                            filters.path("dangling"),
                            wanted -> (wanted.equals("true") || wanted.equals("1")) == !used(name))
                    && labels(filters.path("label"), volume)) {
                list.add(volume);
            }
        }
        FakeEngine.send(exchange, 200, answer.putNull("Warnings").toString());
    }

    private static boolean invalid(HttpExchange exchange, JsonNode filters, Set<String> known)
            throws IOException {
        for (var filter : filters.properties()) {
            if (!known.contains(filter.getKey())) {
                FakeEngine.send(
                        exchange,
                        400,
                        "{\"message\":\"invalid filter '" + filter.getKey() + "'\"}");
                return true;
            }
        }
        return false;
    }

    private interface Test {
        boolean accepts(String value);
    }

    private static boolean any(JsonNode wanted, Test test) {
        boolean found = wanted.isEmpty();
        for (JsonNode value : wanted) {
            found |= test.accepts(value.asText());
        }
        return found;
    }

    private static boolean labels(JsonNode wanted, ObjectNode volume) {
        for (JsonNode label : wanted) {
            String[] parts = label.asText().split("=", 2);
            JsonNode there = volume.path("Labels").get(parts[0]);
            if (there == null || (parts.length == 2 && !there.asText().equals(parts[1]))) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode filters(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : (query == null ? "" : query).split("&")) {
            if (pair.startsWith("filters=")) {
                return JSON.readTree(URLDecoder.decode(pair.substring(8), StandardCharsets.UTF_8));
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private boolean used(String name) {
        return engine.containers().stream().anyMatch(container -> container.mounts(name));
    }

    private void create(HttpExchange exchange) throws IOException {
        ObjectNode body = (ObjectNode) JSON.readTree(exchange.getRequestBody().readAllBytes());
        FakeCreates.Fault fault = faults.poll();
        if (fault == FakeCreates.Fault.REFUSE) {
            FakeEngine.send(exchange, 500, "{\"message\":\"no space left on device\"}");
            return;
        }
        String driver = body.path("Driver").asText("local");
        if (!driver.isEmpty() && !driver.equals("local") && !drivers.contains(driver)) {
            FakeEngine.send(
                    exchange, 404, "{\"message\":\"plugin %s not found\"}".formatted(driver));
            return;
        }
        String name = body.path("Name").asText("");
        boolean before =
                fault == FakeCreates.Fault.CUT_BEFORE || fault == FakeCreates.Fault.DIE_BEFORE;
        ObjectNode made = before ? null : create(name.isEmpty() ? unnamed() : name, body, "local");
        if (fault != null) {
            engine.creates()
                    .cut(
                            exchange,
                            fault == FakeCreates.Fault.DIE_BEFORE
                                    || fault == FakeCreates.Fault.DIE_AFTER);
        }
        FakeEngine.send(exchange, 201, String.valueOf(made));
    }

    private void one(HttpExchange exchange, String name, String method) throws IOException {
        ObjectNode volume = volumes.get(name);
        if (volume == null) {
            boolean forced = ("" + exchange.getRequestURI().getQuery()).contains("force=1");
            FakeEngine.send(
                    exchange,
                    method.equals("DELETE") && forced ? 204 : 404,
                    method.equals("DELETE") && forced
                            ? ""
                            : "{\"message\":\"get " + name + ": no such volume\"}");
        } else if (method.equals("GET")) {
            FakeEngine.send(exchange, 200, volume.toString());
        } else if (used(name) || busy.contains(name)) {
            FakeEngine.send(
                    exchange,
                    409,
                    "{\"message\":\"remove " + name + ": volume is in use - [a container]\"}");
        } else {
            remove(name);
            FakeEngine.send(exchange, 204, "");
        }
    }

    /** Before API 1.42 named volumes go, too, and there is no filter "all". */
    private void prune(HttpExchange exchange) throws IOException {
        JsonNode filters = filters(exchange);
        boolean old = minor(exchange) < 42;
        if (invalid(exchange, filters, old ? Set.of("label", "label!") : PRUNE_FILTERS)) {
            return;
        }
        boolean named = old || any(filters.path("all"), "true"::equals) && filters.has("all");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode deleted = answer.putArray("VolumesDeleted");
        long space = 0;
        for (ObjectNode volume : volumes.values()) {
            String name = volume.path("Name").asText();
            boolean keep = filters.has("label!") && labels(filters.path("label!"), volume);
            if (!used(name)
                    && volume.path("Driver").asText().equals("local")
                    && volume.path("Options").isEmpty()
                    && (named || name.matches("[0-9a-f]{64}"))
                    && labels(filters.path("label"), volume)
                    && !keep) {
                space += sizes.getOrDefault(name, 0L);
                remove(name);
                deleted.add(name);
            }
        }
        FakeEngine.send(exchange, 200, answer.put("SpaceReclaimed", space).toString());
    }

    private static int minor(HttpExchange exchange) {
        return Integer.parseInt(
                exchange.getRequestURI().getPath().replaceFirst("/v1\\.([0-9]+)/.*", "$1"));
    }

    /** The part of {@code /system/df} about volumes; asked twice at once, it refuses the second. */
    void df(HttpExchange exchange) throws IOException, InterruptedException {
        if (!measuring.compareAndSet(false, true)) {
            String refusal = "a disk usage operation is already running";
            FakeEngine.send(exchange, 500, "{\"message\":\"" + refusal + "\"}");
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(measuringTakes);
            ObjectNode usage = JsonNodeFactory.instance.objectNode();
            usage.set("Volumes", usage());
            FakeEngine.send(exchange, 200, usage.toString());
        } finally {
            measuring.set(false);
        }
    }

    private ArrayNode usage() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode volume : new TreeMap<>(volumes).values()) {
            String name = volume.path("Name").asText();
            long users = engine.containers().stream().filter(c -> c.mounts(name)).count();
            ObjectNode shown = volume.deepCopy();
            shown.putObject("UsageData")
                    .put("Size", sizes.getOrDefault(name, 0L))
                    .put("RefCount", users);
            all.add(shown);
        }
        return all;
    }

    /** Makes the volumes that settings ask for; returns what is mounted. */
    ArrayNode mount(JsonNode settings) {
        ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
        for (JsonNode bind : settings.path("HostConfig").path("Binds")) {
            String[] parts = bind.asText().split(":");
            if (!parts[0].startsWith("/")) {
                mount(mounts, parts[0], parts[1]);
            }
        }
        for (JsonNode mount : settings.path("HostConfig").path("Mounts")) {
            mount(mounts, mount.path("Source").asText(), mount.path("Target").asText());
        }
        settings.path("Volumes")
                .properties()
                .forEach(volume -> mount(mounts, unnamed(), volume.getKey()));
        return mounts;
    }

    private void mount(ArrayNode mounts, String name, String target) {
        create(name);
        mounts.addObject().put("Type", "volume").put("Name", name).put("Destination", target);
    }

    private static String unnamed() {
        byte[] name = new byte[32];
        ThreadLocalRandom.current().nextBytes(name);
        return HexFormat.of().formatHex(name);
    }
}
