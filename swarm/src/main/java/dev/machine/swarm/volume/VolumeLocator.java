package dev.machine.swarm.volume;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Volume;
import dev.machine.swarm.http.HttpProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the nodes that have a volume. */
public final class VolumeLocator {
    private final Cluster cluster;

    public VolumeLocator(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A volume on one of the nodes that have it. */
    public record Held(EngineCache engine, Volume volume) {
        private String fullName() {
            return engine.name() + "/" + volume.name();
        }
    }

    /**
     * What a client calls a volume.
     *
     * @param engine of the node that the client named; null for none
     * @param name as an engine knows it
     */
    public record VolumeName(@Nullable EngineCache engine, String name) {}

    /** All engines of the swarm, in the order of their names. */
    List<EngineCache> engines() {
        return List.copyOf(cluster.engines());
    }

    /** Reads {@code NAME} or {@code NODE/NAME}. */
    public VolumeName parse(String text) {
        for (EngineCache engine : cluster.engines()) {
            String local = QualifiedName.on(engine.name(), text);
            if (local != null) {
                return new VolumeName(engine, local);
            }
        }
        return new VolumeName(null, text);
    }

    /** The nodes that are known to have a volume of a name, whether they answer or not. */
    public List<Held> holders(String name) {
        List<Held> found = new ArrayList<>();
        for (EngineCache engine : cluster.engines()) {
            Volume volume = engine.volumes().get(name);
            if (volume != null) {
                found.add(new Held(engine, volume));
            }
        }
        return found;
    }

    /** The same by what a client calls it. */
    private List<Held> known(String text) {
        VolumeName wanted = parse(text);
        return holders(wanted.name()).stream()
                .filter(held -> wanted.engine() == null || wanted.engine() == held.engine())
                .toList();
    }

    /**
     * The nodes that have a volume. If none is known, all nodes are asked again, and those that are
     * about to answer for the first time are awaited.
     */
    public List<Held> find(String text) {
        List<Held> found = known(text);
        if (found.isEmpty()) {
            cluster.engines().forEach(EngineCache::invalidateVolumes);
            cluster.awaitFresh();
            cluster.awaitFirst();
            found = known(text);
        }
        return found;
    }

    /** How many volumes of different content these are: shared ones are one. */
    public static int different(List<Held> held) {
        int shared = (int) held.stream().filter(each -> each.volume().shared()).count();
        return held.size() - shared + Math.min(1, shared);
    }

    /**
     * The nodes that have the one volume of a name; several if it is shared.
     *
     * @throws HttpProblem 404 if there is none, 400 with the choices if there are several
     */
    public List<Held> one(String text) {
        List<Held> found = find(text);
        if (found.isEmpty()) {
            throw new HttpProblem(404, "get " + text + ": no such volume");
        }
        return unambiguous(text, found);
    }

    /** The same of volumes that have been found. */
    static List<Held> unambiguous(String text, List<Held> found) {
        if (different(found) > 1) {
            throw new HttpProblem(
                    400,
                    "volume name "
                            + text
                            + " is ambiguous, it may be "
                            + found.stream()
                                    .map(Held::fullName)
                                    .collect(Collectors.joining(" or ")));
        }
        return found;
    }

    /**
     * A node that answers among those that have a volume.
     *
     * @throws HttpProblem 503 that names the nodes if none answers
     */
    public static EngineCache answering(List<Held> held) {
        for (Held each : held) {
            if (each.engine().status().healthy()) {
                return each.engine();
            }
        }
        throw new HttpProblem(
                503,
                "volume "
                        + held.getFirst().volume().name()
                        + " is on "
                        + held.stream()
                                .map(
                                        each ->
                                                each.engine().name()
                                                        + ", which does not answer: "
                                                        + each.engine().status().trouble())
                                .collect(Collectors.joining("; ")));
    }
}
