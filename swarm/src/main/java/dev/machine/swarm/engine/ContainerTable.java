package dev.machine.swarm.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The containers of one engine by id and by name. Read without locks; written entry by entry. */
public final class ContainerTable {
    private final Map<String, Container> byId = new ConcurrentHashMap<>();
    private final Map<String, String> idByName = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();

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

    /** The sum of what all containers, running or not, were promised. */
    public Container.Resources reserved() {
        long cpus = 0;
        long memory = 0;
        for (Container container : byId.values()) {
            cpus += container.resources().nanoCpus();
            memory += container.resources().memory();
        }
        return new Container.Resources(cpus, memory);
    }

    void put(Container container) {
        writing.lock();
        try {
            forgetNames(byId.put(container.id(), container));
            container.names().forEach(name -> idByName.put(name, container.id()));
        } finally {
            writing.unlock();
        }
    }

    void remove(String id) {
        writing.lock();
        try {
            forgetNames(byId.remove(id));
        } finally {
            writing.unlock();
        }
    }

    void retain(Set<String> ids) {
        for (String id : List.copyOf(byId.keySet())) {
            if (!ids.contains(id)) {
                remove(id);
            }
        }
    }

    private void forgetNames(@Nullable Container old) {
        if (old != null) {
            old.names().forEach(name -> idByName.remove(name, old.id()));
        }
    }
}
