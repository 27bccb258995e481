package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The names of the volumes that only this engine has. A volume whose driver shows it on every node
 * (scope {@code global}) is not among them. Read without locks; written entry by entry.
 */
public final class VolumeStore {
    /** Changes between two lists that are remembered; when there are more, a list is needed. */
    static final int MAX_CHANGES = 10_000;

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<String> created = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean known;

    /** Whether the engine has told which volumes it has, at least once. */
    public boolean known() {
        return known;
    }

    public boolean has(String name) {
        return names.contains(name);
    }

    /**
     * The engine is known to have made a volume, or to be making it.
     *
     * @return false if too much has changed since the last list
     */
    public boolean created(String name) {
        writing.lock();
        try {
            if (created.size() >= MAX_CHANGES && !created.contains(name)) {
                return false;
            }
            names.add(name);
            created.add(name);
            removed.remove(name);
            return true;
        } finally {
            writing.unlock();
        }
    }

    /**
     * The engine has removed a volume.
     *
     * @return false if too much has changed since the last list
     */
    boolean removed(String name) {
        writing.lock();
        try {
            names.remove(name);
            created.remove(name);
            return removed.contains(name) || (removed.size() < MAX_CHANGES && removed.add(name));
        } finally {
            writing.unlock();
        }
    }

    /** The engine is about to be asked for its list: what changes from now on may not be in it. */
    void listing() {
        writing.lock();
        try {
            created.clear();
            removed.clear();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Takes over the engine's list, but for what has changed since {@link #listing}.
     *
     * @param answer to {@code GET /volumes}
     */
    void listed(JsonNode answer) {
        writing.lock();
        try {
            Set<String> now = new HashSet<>(created);
            for (JsonNode volume : answer.path("Volumes")) {
                String name = volume.path("Name").asText("");
                if (!removed.contains(name) && !volume.path("Scope").asText("").equals("global")) {
                    now.add(name);
                }
            }
            names.retainAll(now);
            names.addAll(now);
            known = true;
        } finally {
            writing.unlock();
        }
    }
}
