package dev.machine.swarm.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The volumes of containers on their way to a node. Volumes are, beside names, what is unique over
 * all nodes: of two containers that name one new volume at once the second goes where the first
 * does. So containers that name volumes are placed one after the other; their creates are not.
 */
final class VolumeClaims {
    private final ReentrantLock lock = new ReentrantLock();

    /** How many containers bring a volume to a node, by volume, then by node. */
    private final Map<String, Map<String, Integer>> claims = new HashMap<>();

    /**
     * Places a container and claims its volumes for the node until the placement is released: when
     * the container is there, or will not be.
     *
     * @param choose sees what earlier ones have claimed, by {@link #on}
     */
    Placement place(PlacementRequest demand, Supplier<Placement> choose) {
        lock.lock();
        try {
            Placement placed = choose.get();
            List<String> names =
                    demand.volumes().stream().map(PlacementRequest.Volume::name).toList();
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
        Map<String, Integer> nodes = claims.computeIfAbsent(name, x -> new HashMap<>());
        nodes.merge(node, more, Integer::sum);
        nodes.values().removeIf(count -> count == 0);
        if (nodes.isEmpty()) {
            claims.remove(name);
        }
    }

    /** Whether a container on its way to a node brings a volume there. */
    boolean on(Node node, String name) {
        lock.lock();
        try {
            return claims.getOrDefault(name, Map.of()).containsKey(node.name());
        } finally {
            lock.unlock();
        }
    }
}
