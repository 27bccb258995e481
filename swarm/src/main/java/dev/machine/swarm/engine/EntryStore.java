package dev.machine.swarm.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one engine has of one kind, by key. A list of the engine replaces everything but what has
 * changed since the engine was asked for it, because the list may have been made before that
 * change. Read without locks; written entry by entry.
 */
final class EntryStore<T> {
    /** Changes between two lists that are remembered; when there are more, a list is needed. */
    static final int MAX_CHANGES = 10_000;

    private final Map<String, T> entries = new ConcurrentHashMap<>();

    /** The keys that were put or removed since {@link #listing}. */
    private final Set<String> changed = new HashSet<>();

    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean known;

    /** Whether the engine has told what it has, at least once. */
    boolean known() {
        return known;
    }

    @Nullable T get(String key) {
        return entries.get(key);
    }

    Collection<T> all() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /**
     * The engine is known to have an entry, or to be making it.
     *
     * @return false if too much has changed since the last list; it is not put then
     */
    boolean put(String key, T entry) {
        writing.lock();
        try {
            boolean remembered = remember(key);
            if (remembered) {
                entries.put(key, entry);
            }
            return remembered;
        } finally {
            writing.unlock();
        }
    }

    /** The same, but an entry that is known already stays as it is. */
    boolean putIfAbsent(String key, T entry) {
        writing.lock();
        try {
            return entries.containsKey(key) || put(key, entry);
        } finally {
            writing.unlock();
        }
    }

    /**
     * The engine no longer has an entry.
     *
     * @return false if too much has changed since the last list
     */
    boolean remove(String key) {
        writing.lock();
        try {
            entries.remove(key);
            return remember(key);
        } finally {
            writing.unlock();
        }
    }

    private boolean remember(String key) {
        return changed.contains(key) || (changed.size() < MAX_CHANGES && changed.add(key));
    }

    /** The engine is about to be asked for its list: what changes from now on may not be in it. */
    void listing() {
        writing.lock();
        try {
            changed.clear();
        } finally {
            writing.unlock();
        }
    }

    /** Takes over the engine's list, except for what has changed since {@link #listing}. */
    void listed(Map<String, T> list) {
        writing.lock();
        try {
            entries.keySet().removeIf(key -> !list.containsKey(key) && !changed.contains(key));
            list.forEach(
                    (key, entry) -> {
                        if (!changed.contains(key)) {
                            entries.put(key, entry);
                        }
                    });
            known = true;
        } finally {
            writing.unlock();
        }
    }
}
