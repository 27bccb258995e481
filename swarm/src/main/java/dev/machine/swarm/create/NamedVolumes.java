package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.PlacementRequest.Volume;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The volumes that a container names: {@code -v NAME:/path}, {@code --mount type=volume}, and the
 * unnamed ones of an older container, which Compose passes on by their 64 hexadecimal digits. An
 * engine gets their names without the node ({@code node/name}).
 */
final class NamedVolumes {
    private final Cluster cluster;
    private final Set<Volume> found = new LinkedHashSet<>();

    private NamedVolumes(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Reads them from the settings and strips the node from their names. */
    static List<Volume> takeFrom(ObjectNode settings, Cluster cluster) {
        NamedVolumes volumes = new NamedVolumes(cluster);
        if (settings.get("HostConfig") instanceof ObjectNode host) {
            volumes.binds(host);
            for (JsonNode mount : host.path("Mounts")) {
                if (mount instanceof ObjectNode object) {
                    volumes.mount(object);
                }
            }
        }
        return List.copyOf(volumes.found);
    }

    /**
     * {@code SOURCE:TARGET[:MODE]}; a target alone is an unnamed volume, an absolute source is a
     * path on the node (moby, volume/mounts/linux_parser.go).
     */
    private void binds(ObjectNode host) {
        if (!(host.get("Binds") instanceof ArrayNode given)) {
            return;
        }
        ArrayNode rewritten = host.arrayNode();
        for (JsonNode bind : given) {
            String text = bind.asText();
            int colon = text.indexOf(':');
            if (colon > 0 && !text.startsWith("/")) {
                rewritten.add(record(text.substring(0, colon)) + text.substring(colon));
            } else {
                rewritten.add(bind);
            }
        }
        host.set("Binds", rewritten);
    }

    private void mount(ObjectNode mount) {
        String source = mount.path("Source").asText("");
        if (mount.path("Type").asText("").equals("volume") && !source.isEmpty()) {
            mount.put("Source", record(source));
        }
    }

    /** Remembers a volume and returns its name as the engine knows it. */
    private String record(String text) {
        for (EngineCache engine : cluster.engines()) {
            String prefix = engine.name() + "/";
            if (text.startsWith(prefix)) {
                String name = text.substring(prefix.length());
                found.add(new Volume(name, engine.name()));
                return name;
            }
        }
        String problem = QualifiedName.problem("volume", text);
        if (problem != null && !text.startsWith(".")) {
            throw new HttpProblem(400, problem + "; a path on a node begins with /");
        }
        found.add(new Volume(text, null));
        return text;
    }
}
