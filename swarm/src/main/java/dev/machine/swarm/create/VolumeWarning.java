package dev.machine.swarm.create;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.schedule.PlacementRequest.Volume;
import dev.machine.swarm.volume.ContainerVolumes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Warns of volumes that are empty on all known nodes: they may be on a node that has not answered
 * since the endpoint started.
 */
final class VolumeWarning {
    private VolumeWarning() {}

    /**
     * The warning, or nothing. It asks the nodes again if none has a volume, and waits for those
     * that are about to answer for the first time.
     */
    static List<String> of(List<Volume> volumes, Cluster cluster, ContainerVolumes measured) {
        List<Volume> wanted = volumes.stream().filter(volume -> volume.node() == null).toList();
        if (wanted.isEmpty()) {
            return List.of();
        }
        if (wanted.stream().anyMatch(volume -> isNowhere(volume, cluster))) {
            cluster.engines().forEach(EngineCache::invalidateVolumes);
            cluster.awaitFresh();
        }
        cluster.awaitFirst();
        Set<String> silent = silent(cluster);
        if (silent.isEmpty()) {
            return List.of();
        }
        List<String> empty =
                wanted.stream()
                        .filter(volume -> isNowhere(volume, cluster) || measured.mayMove(volume))
                        .map(Volume::name)
                        .toList();
        return empty.isEmpty()
                ? List.of()
                : List.of(
                        "no node that has answered since the endpoint started has data in a volume "
                                + String.join(", ", empty)
                                + ", so it is empty; the volumes of "
                                + String.join(", ", silent)
                                + " are not known yet");
    }

    private static boolean isNowhere(Volume volume, Cluster cluster) {
        return cluster.engines().stream()
                .allMatch(engine -> engine.volumes().get(volume.name()) == null);
    }

    /** The nodes that have not told which volumes they have. */
    private static Set<String> silent(Cluster cluster) {
        Set<String> silent = new TreeSet<>(cluster.memberErrors().keySet());
        for (EngineCache engine : cluster.engines()) {
            silent.remove(engine.name());
            if (!engine.volumes().known()) {
                silent.add(engine.name());
            }
        }
        return silent;
    }
}
