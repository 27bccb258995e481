package dev.machine.swarm.engine;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The volumes of one engine. */
public final class VolumeStore {
    private final EntryStore<Volume> volumes = new EntryStore<>();

    /** Whether the engine has told which volumes it has, at least once. */
    public boolean known() {
        return volumes.known();
    }

    /** Whether the engine has a volume that is not shared with other nodes. */
    public boolean has(String name) {
        Volume volume = volumes.get(name);
        return volume != null && !volume.shared();
    }

    /** The volume, shared or not; null if the engine has none of this name. */
    public @Nullable Volume get(String name) {
        return volumes.get(name);
    }

    public Collection<Volume> all() {
        return volumes.all();
    }

    /**
     * The engine has made a volume.
     *
     * @return false if too much has changed since the last list: it must be listed
     */
    public boolean created(Volume volume) {
        return volumes.put(volume.name(), volume);
    }

    /**
     * The engine has a volume of this name, which may be known better already.
     *
     * @return false if too much has changed since the last list: it must be listed
     */
    public boolean seen(String name) {
        return volumes.putIfAbsent(name, Volume.local(name));
    }

    /**
     * The engine has removed a volume.
     *
     * @return false if too much has changed since the last list: it must be listed
     */
    public boolean removed(String name) {
        return volumes.remove(name);
    }

    /** See {@link EntryStore#listing}. */
    void listing() {
        volumes.listing();
    }

    /** See {@link EntryStore#listed}. */
    void listed(Map<String, Volume> list) {
        volumes.listed(list);
    }
}
