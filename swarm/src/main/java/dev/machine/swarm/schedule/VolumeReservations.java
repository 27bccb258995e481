package dev.machine.swarm.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The volumes that creates which still run will bring to a node. If two containers name one new
 * volume at once, the second must go where the first goes; so containers that name volumes are
 * placed one after the other. Their engines still create them at the same time.
 */
final class VolumeReservations {
    private final ReentrantLock lock = new ReentrantLock();

    /** How many creates bring a volume to a node, by volume, then by node. */
    private final Map<String, Map<String, Integer>> reserved = new HashMap<>();

    /**
     * Places a container and reserves its volumes on the node until the placement is released.
     *
     * @param choose sees what earlier containers have reserved, by {@link #on}
     */
    Placement place(PlacementRequest request, Supplier<Placement> choose) {
        lock.lock();
        try {
            Placement placed = choose.get();
            List<String> names =
                    request.conditions().volumes().stream()
                            .map(PlacementRequest.Volume::name)
                            .toList();
            String node = placed.node().name();
            names.forEach(name -> add(name, node, 1));
            AtomicBoolean released = new AtomicBoolean();
            return new Placement(
                    placed.node(),
                    placed.image(),
                    () -> {
                        placed.release().run();
                        if (released.compareAndSet(false, true)) {
                            release(names, node);
                        }
                    });
        } finally {
            lock.unlock();
        }
    }

    private void release(List<String> names, String node) {
        lock.lock();
        try {
            names.forEach(name -> add(name, node, -1));
        } finally {
            lock.unlock();
        }
    }

    private void add(String name, String node, int more) {
        Map<String, Integer> nodes = reserved.computeIfAbsent(name, x -> new HashMap<>());
        nodes.merge(node, more, Integer::sum);
        nodes.values().removeIf(count -> count == 0);
        if (nodes.isEmpty()) {
            reserved.remove(name);
        }
    }

    /** Whether a create that still runs brings a volume to a node. */
    boolean on(Node node, String name) {
        lock.lock();
        try {
            return reserved.getOrDefault(name, Map.of()).containsKey(node.name());
        } finally {
            lock.unlock();
        }
    }
}
