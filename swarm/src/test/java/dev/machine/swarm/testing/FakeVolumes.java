package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The volumes of a {@link FakeEngine}: made with the containers that name them, as an engine does.
 */
public final class FakeVolumes {
    private final FakeEngine engine;
    private final Map<String, String> scopes = new ConcurrentHashMap<>();
    private volatile boolean silent;
    private volatile int status = 200;

    FakeVolumes(FakeEngine engine) {
        this.engine = engine;
    }

    /** One more, made without the endpoint. */
    public void create(String name) {
        create(name, "local");
    }

    /** One of a driver whose volumes are of this scope. */
    public void create(String name, String scope) {
        if (scopes.putIfAbsent(name, scope) == null && !silent) {
            tell("create", name, scope.equals("local") ? "local" : "netshare");
        }
    }

    /** Removed without the endpoint. */
    public void remove(String name) {
        scopes.remove(name);
        tell("destroy", name, "local");
    }

    private void tell(String action, String name, String driver) {
        engine.event("volume", action, name, Map.of("driver", driver));
    }

    /** From now on no event tells of a volume. */
    public void silent() {
        silent = true;
    }

    /** From now on the list is answered so. */
    public void answers(int code) {
        status = code;
    }

    public Set<String> names() {
        return Set.copyOf(scopes.keySet());
    }

    void list(HttpExchange exchange) throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("Volumes");
        new TreeMap<>(scopes)
                .forEach((name, scope) -> list.addObject().put("Name", name).put("Scope", scope));
        FakeEngine.send(
                exchange, status, status == 200 ? answer.toString() : "{\"message\":\"driver\"}");
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
