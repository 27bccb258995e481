package dev.machine.swarm.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The containers of one engine by id and by name. Read without locks; written entry by entry. */
public final class ContainerStore {
    /** Removals between two lists that are remembered; when there are more, a list is needed. */
    static final int MAX_REMOVED = 10_000;

    private final Map<String, Container> byId = new ConcurrentHashMap<>();
    private final Map<String, String> idByName = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final Set<String> removed = new HashSet<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** Hears of changes, one after the other; must not block. */
    @FunctionalInterface
    public interface Watcher {
        void changed(@Nullable Container old, @Nullable Container now);
    }

    public @Nullable Container byId(String id) {
        return byId.get(id);
    }

    public @Nullable Container byName(String name) {
        String id = idByName.get(name);
        return id == null ? null : byId.get(id);
    }

    /** Those whose id begins with the text. */
    public List<Container> byPrefix(String prefix) {
        return byId.values().stream()
                .filter(container -> container.id().startsWith(prefix))
                .toList();
    }

    public Collection<Container> all() {
        return byId.values();
    }

    /**
     * Tells of every container that is there, then of each that comes, changes or goes, in that
     * order.
     */
    public void watch(Watcher watcher) {
        writing.lock();
        try {
            byId.values().forEach(container -> watcher.changed(null, container));
            watchers.add(watcher);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Sets what is to be known of a container, unless it has been removed since the last call of
     * {@link #listing}.
     */
    void put(Container container) {
        writing.lock();
        try {
            if (removed.contains(container.id())) {
                return;
            }
            Container old = byId.put(container.id(), container);
            forgetNames(old);
            // Names of links are left to the engine: nothing tells of it when they come and go.
            container.names().stream()
                    .filter(name -> name.indexOf('/') < 0)
                    .forEach(name -> idByName.put(name, container.id()));
            watchers.forEach(watcher -> watcher.changed(old, container));
        } finally {
            writing.unlock();
        }
    }

    /**
     * A container is gone.
     *
     * @return false if so many are gone since the last list that it is needed
     */
    boolean remove(String id) {
        writing.lock();
        try {
            boolean remembered =
                    removed.contains(id) || (removed.size() < MAX_REMOVED && removed.add(id));
            Container old = byId.remove(id);
            forgetNames(old);
            if (old != null) {
                watchers.forEach(watcher -> watcher.changed(old, null));
            }
            return remembered;
        } finally {
            writing.unlock();
        }
    }

    /**
     * An engine is about to be asked for a list: containers removed before will not be in it, those
     * removed from now on may be.
     *
     * @return the containers there are; one that comes from now on may be missing in the list
     */
    Set<String> listing() {
        writing.lock();
        try {
            removed.clear();
            return Set.copyOf(byId.keySet());
        } finally {
            writing.unlock();
        }
    }

    private void forgetNames(@Nullable Container old) {
        if (old != null) {
            old.names().forEach(name -> idByName.remove(name, old.id()));
        }
    }
}
