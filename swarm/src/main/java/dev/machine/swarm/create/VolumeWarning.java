package dev.machine.swarm.create;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.schedule.PlacementRequest.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Warns of volumes that no known node has: they may be on a node that has not answered since the
 * endpoint started, and the container would get an empty one instead.
 */
final class VolumeWarning {
    private VolumeWarning() {}

    /**
     * The warning, or nothing. Before it warns it asks the nodes again, and waits for those that
     * are about to answer for the first time.
     */
    static List<String> of(List<Volume> volumes, Cluster cluster) {
        if (unknown(volumes, cluster).isEmpty()) {
            return List.of();
        }
        cluster.engines().forEach(EngineCache::invalidateVolumes);
        cluster.awaitFresh();
        cluster.awaitFirst();
        List<String> unknown = unknown(volumes, cluster);
        Set<String> silent = new TreeSet<>(cluster.memberErrors().keySet());
        for (EngineCache engine : cluster.engines()) {
            silent.remove(engine.name());
            if (!engine.volumes().known()) {
                silent.add(engine.name());
            }
        }
        return unknown.isEmpty() || silent.isEmpty()
                ? List.of()
                : List.of(
                        "no node that has answered since the endpoint started has a volume "
                                + String.join(", ", unknown)
                                + ", so an empty one is created; the volumes of "
                                + String.join(", ", silent)
                                + " are not known yet");
    }

    private static List<String> unknown(List<Volume> volumes, Cluster cluster) {
        List<String> unknown = new ArrayList<>();
        for (Volume volume : volumes) {
            if (volume.node() == null
                    && cluster.engines().stream()
                            .allMatch(engine -> engine.volumes().get(volume.name()) == null)) {
                unknown.add(volume.name());
            }
        }
        return unknown;
    }
}
