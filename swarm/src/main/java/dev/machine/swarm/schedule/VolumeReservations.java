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

    /** How many creates move a volume, by volume, then by the node it is moved to. */
    private final Map<String, Map<String, Integer>> moved = new HashMap<>();

    /**
     * Places a container and reserves its volumes on the node until the placement is released.
     *
     * @param choose sees what earlier containers have reserved, by {@link #on}
     */
    Placement place(PlacementRequest request, Supplier<Placement> choose) {
        lock.lock();
        try {
            Placement placed = choose.get();
            List<PlacementRequest.Volume> brought = request.conditions().volumes();
            String node = placed.node().name();
            add(brought, node, 1);
            AtomicBoolean released = new AtomicBoolean();
            return new Placement(
                    placed.node(),
                    placed.image(),
                    () -> {
                        placed.release().run();
                        if (released.compareAndSet(false, true)) {
                            release(brought, node);
                        }
                    });
        } finally {
            lock.unlock();
        }
    }

    private void release(List<PlacementRequest.Volume> brought, String node) {
        lock.lock();
        try {
            add(brought, node, -1);
        } finally {
            lock.unlock();
        }
    }

    private void add(List<PlacementRequest.Volume> brought, String node, int more) {
        for (PlacementRequest.Volume volume : brought) {
            add(reserved, volume.name(), node, more);
            if (volume.movable()) {
                add(moved, volume.name(), node, more);
            }
        }
    }

    private static void add(
            Map<String, Map<String, Integer>> counts, String name, String node, int more) {
        Map<String, Integer> nodes = counts.computeIfAbsent(name, x -> new HashMap<>());
        nodes.merge(node, more, Integer::sum);
        nodes.values().removeIf(count -> count == 0);
        if (nodes.isEmpty()) {
            counts.remove(name);
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

    /** Whether a create that still runs moves a volume, so the node that has it may lose it. */
    boolean moving(String name) {
        lock.lock();
        try {
            return moved.containsKey(name);
        } finally {
            lock.unlock();
        }
    }
}
