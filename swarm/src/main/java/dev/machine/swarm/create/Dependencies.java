package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.PlacementRequest.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The containers that another one needs on its node: those of {@code --link} and {@code
 * --volumes-from}, and those whose network, processes or memory it shares. An engine gets their
 * names without the node ({@code node/name}, {@code name@node}).
 */
final class Dependencies {
    private static final int MAX_DEPENDENCIES = 200;
    private static final String CONTAINER = "container:";
    private static final Map<String, String> MODES =
            Map.of("NetworkMode", "--net", "PidMode", "--pid", "IpcMode", "--ipc");

    private final Cluster cluster;
    private final List<Dependency> found = new ArrayList<>();

    private Dependencies(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Reads them from the settings and strips the node from their names. */
    static List<Dependency> takeFrom(ObjectNode settings, Cluster cluster) {
        Dependencies dependencies = new Dependencies(cluster);
        if (settings.get("HostConfig") instanceof ObjectNode host) {
            dependencies.list(host, "Links", "--link", false);
            dependencies.list(host, "VolumesFrom", "--volumes-from", true);
            MODES.forEach((field, option) -> dependencies.mode(host, field, option));
        }
        return dependencies.found;
    }

    private void list(ObjectNode host, String field, String option, boolean volumes) {
        if (!(host.get(field) instanceof ArrayNode given)) {
            return;
        }
        ArrayNode rewritten = host.arrayNode();
        for (JsonNode one : given) {
            String text = one.asText();
            int colon = text.indexOf(':');
            String container = colon < 0 ? text : text.substring(0, colon);
            String rest = colon < 0 ? "" : text.substring(colon);
            rewritten.add(record(container, option + "=" + text, volumes) + rest);
        }
        host.set(field, rewritten);
    }

    private void mode(ObjectNode host, String field, String option) {
        String mode = host.path(field).asText("");
        if (mode.startsWith(CONTAINER)) {
            String container = mode.substring(CONTAINER.length());
            host.put(field, CONTAINER + record(container, option + "=" + mode, false));
        }
    }

    /** Remembers a container and returns its name as the engine knows it. */
    private String record(String text, String option, boolean volumes) {
        String name = text.startsWith("/") ? text.substring(1) : text;
        String node = null;
        String local = name;
        for (EngineCache engine : cluster.engines()) {
            String there = QualifiedName.on(engine.name(), name);
            if (there != null) {
                node = engine.name();
                local = there;
            }
        }
        List<Located> containers = cluster.find(name);
        String container = containers.size() == 1 ? containers.getFirst().container().id() : local;
        if (found.size() == MAX_DEPENDENCIES) {
            throw new HttpProblem(
                    400,
                    "a container can depend on at most "
                            + MAX_DEPENDENCIES
                            + " others by --link, --volumes-from and shared namespaces");
        }
        found.add(new Dependency(option, node, container, volumes));
        return local;
    }
}
