package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Volume;
import dev.machine.swarm.volume.VolumeLabels;
import dev.machine.swarm.volume.VolumeLocator;
import dev.machine.swarm.volume.VolumeLocator.Held;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The volumes of several nodes as one list: by their plain names, {@code NODE/NAME} only where
 * several nodes have different volumes of one name, and shared volumes once.
 */
final class VolumeMerge {
    private final VolumeLocator locator;
    private final ApiVersion version;
    private final Map<String, List<Entry>> byName = new TreeMap<>();
    private final Set<EngineCache> answering = new HashSet<>();

    /** A volume as its engine describes it. */
    private record Entry(Held held, ObjectNode json) {}

    /**
     * An empty list.
     *
     * @param version that the client speaks
     */
    VolumeMerge(VolumeLocator locator, ApiVersion version) {
        this.locator = locator;
        this.version = version;
    }

    /**
     * Adds what an engine answers.
     *
     * @param volumes a list; it is changed
     */
    void add(EngineCache engine, JsonNode volumes) {
        answering.add(engine);
        for (JsonNode volume : volumes) {
            if (volume instanceof ObjectNode json) {
                VolumeLabels.hide(json, version);
                Held held = new Held(engine, Volume.of(json));
                byName.computeIfAbsent(held.volume().name(), _ -> new ArrayList<>(1))
                        .add(new Entry(held, json));
            }
        }
    }

    /**
     * The answers hold only volumes that their engine does not use: drops the shared ones that
     * another engine has and has not answered.
     */
    void dropUsedElsewhere() {
        byName.forEach(
                (name, entries) -> {
                    Set<EngineCache> unused = new HashSet<>();
                    entries.forEach(entry -> unused.add(entry.held.engine()));
                    boolean used =
                            locator.holders(name).stream()
                                    .filter(held -> held.volume().shared())
                                    .map(Held::engine)
                                    .anyMatch(
                                            engine ->
                                                    answering.contains(engine)
                                                            && !unused.contains(engine));
                    entries.removeIf(entry -> used && entry.held.volume().shared());
                });
    }

    /** The list in the order of names. */
    List<ObjectNode> merged() {
        return byName.values().stream().flatMap(entries -> merged(entries).stream()).toList();
    }

    /** The volumes of one name. */
    private List<ObjectNode> merged(List<Entry> entries) {
        boolean ambiguous = isAmbiguous(entries);
        List<ObjectNode> merged = new ArrayList<>(1);
        boolean sharedIsThere = false;
        for (Entry entry : entries) {
            Held held = entry.held;
            if (!held.volume().shared() || !sharedIsThere) {
                merged.add(entry.json);
            }
            sharedIsThere |= held.volume().shared();
            if (ambiguous) {
                entry.json.put("Name", held.engine().name() + "/" + held.volume().name());
            }
        }
        return merged;
    }

    /** Nodes that do not answer count with the volumes they had. */
    private boolean isAmbiguous(List<Entry> entries) {
        if (entries.isEmpty()) {
            return false;
        }
        List<Held> all = new ArrayList<>();
        entries.forEach(entry -> all.add(entry.held));
        for (Held known : locator.holders(entries.getFirst().held.volume().name())) {
            if (entries.stream().noneMatch(entry -> entry.held.engine() == known.engine())) {
                all.add(known);
            }
        }
        return VolumeLocator.different(all) > 1;
    }
}
