package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.schedule.PlacementRequest.Volume;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that a container names: {@code -v NAME:/path}, {@code --mount type=volume}, and the
 * unnamed ones of an older container, which Compose passes on by their 64 hexadecimal digits. A
 * name with its node before it ({@code node/name}) is written without for the engine.
 */
final class NamedVolumes {
    private final Cluster cluster;
    private final Set<Volume> found = new LinkedHashSet<>();

    private NamedVolumes(Cluster cluster) {
        this.cluster = cluster;
    }

    static List<Volume> of(CreateBody body, Cluster cluster) {
        NamedVolumes volumes = new NamedVolumes(cluster);
        if (body.json().get("HostConfig") instanceof ObjectNode host) {
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
     * path of the node (moby, volume/mounts/linux_parser.go).
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
                rewritten.add(need(text.substring(0, colon)) + text.substring(colon));
            } else {
                rewritten.add(bind);
            }
        }
        host.set("Binds", rewritten);
    }

    private void mount(ObjectNode mount) {
        String source = mount.path("Source").asText("");
        if (mount.path("Type").asText("").equals("volume") && !source.isEmpty()) {
            mount.put("Source", need(source));
        }
    }

    /** Returns the name as the engine knows it. */
    private String need(String text) {
        for (EngineCache engine : cluster.engines()) {
            String prefix = engine.name() + "/";
            if (text.startsWith(prefix)) {
                String name = text.substring(prefix.length());
                found.add(new Volume(name, engine.name()));
                return name;
            }
        }
        found.add(new Volume(text, null));
        return text;
    }

    /**
     * What the client is to be warned of, or null: a volume that no node is known to have may be on
     * one that has not answered since the endpoint started. Nodes are asked anew before that is
     * said, and those that are about to answer for the first time are waited for.
     */
    static @Nullable String warning(List<Volume> volumes, Cluster cluster, InstantSource clock) {
        List<String> unknown = unknown(volumes, cluster);
        if (unknown.isEmpty()) {
            return null;
        }
        cluster.engines().forEach(EngineCache::invalidateVolumes);
        cluster.awaitFresh();
        awaitFirst(cluster, clock);
        unknown = unknown(volumes, cluster);
        Set<String> unheard = new TreeSet<>(cluster.fileErrors().keySet());
        for (EngineCache engine : cluster.engines()) {
            unheard.remove(engine.name());
            if (!engine.volumes().known()) {
                unheard.add(engine.name());
            }
        }
        return unknown.isEmpty() || unheard.isEmpty()
                ? null
                : "no node that has answered since the endpoint started has a volume "
                        + String.join(", ", unknown)
                        + ", so an empty one is made; what "
                        + String.join(", ", unheard)
                        + (unheard.size() == 1 ? " has" : " have")
                        + " is not known yet";
    }

    private static List<String> unknown(List<Volume> volumes, Cluster cluster) {
        List<String> unknown = new ArrayList<>();
        for (Volume volume : volumes) {
            if (volume.node() == null
                    && cluster.engines().stream()
                            .noneMatch(engine -> engine.volumes().has(volume.name()))) {
                unknown.add(volume.name());
            }
        }
        return unknown;
    }

    private static void awaitFirst(Cluster cluster, InstantSource clock) {
        var begin = clock.instant();
        try {
            for (EngineCache engine : cluster.engines()) {
                Duration left =
                        Duration.between(clock.instant(), begin.plus(engine.timings().unnoticed()));
                if (left.isPositive()) {
                    engine.awaitFirst(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
