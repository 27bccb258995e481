package dev.machine.swarm.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The networks of one engine by their own ids. Read without locks; written entry by entry. */
public final class NetworkStore {
    private final EntryStore<Network> entries = new EntryStore<>();
    private final Removed removed = new Removed();

    /** The last networks that were removed: the events that tell of it come later. */
    private static final class Removed {
        private static final int MAX_REMEMBERED = 1000;

        private final LinkedHashMap<String, String> shownIds = new LinkedHashMap<>();

        synchronized void add(Network network) {
            shownIds.put(network.id(), network.shownId());
            if (shownIds.size() > MAX_REMEMBERED) {
                shownIds.pollFirstEntry();
            }
        }

        synchronized String shownId(String id) {
            return shownIds.getOrDefault(id, id);
        }
    }

    public Collection<Network> all() {
        return entries.all();
    }

    /** The network of this id: the engine's own. */
    public @Nullable Network byId(String id) {
        return entries.get(id);
    }

    /** The network of this name; null if there is none. */
    public @Nullable Network byName(String name) {
        return entries.all().stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The engine's part of a network of the whole swarm; null if it has none. */
    public @Nullable Network partOf(String swarmId) {
        return entries.all().stream()
                .filter(network -> network.ofSwarm() && network.shownId().equals(swarmId))
                .findFirst()
                .orElse(null);
    }

    /** The id that clients see for an id of the engine; the same if the network is not known. */
    public String shownId(String id) {
        Network network = entries.get(id);
        return network == null ? removed.shownId(id) : network.shownId();
    }

    /**
     * The engine is known to have made a network.
     *
     * @return false if too much has changed since the last list
     */
    boolean created(Network network) {
        return entries.put(network.id(), network);
    }

    /**
     * The engine has removed a network.
     *
     * @return false if too much has changed since the last list
     */
    boolean removed(String id) {
        Network gone = entries.get(id);
        if (gone != null && gone.ofSwarm()) {
            removed.add(gone);
        }
        return entries.remove(id);
    }

    /** The engine is about to be asked for its list: what changes from now on may not be in it. */
    void listing() {
        entries.listing();
    }

    /** Takes over the engine's list, but for what has changed since {@link #listing}. */
    void listed(List<Network> list) {
        Map<String, Network> byId = new HashMap<>();
        list.forEach(network -> byId.put(network.id(), network));
        entries.listed(byId);
    }
}
