package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.ContainerStore;
import dev.machine.swarm.engine.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one node has promised: to the containers its engine has, and to those on their way to it. A
 * container that appears at the engine takes the place of its reservation in one step, by its swarm
 * id, so nothing is counted twice or not at all. Read without a lock; changed under the ledger's
 * own, which is held for microseconds.
 */
public final class Ledger implements ContainerStore.Watcher {
    private static final String OURS = "com.docker.swarm.";

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Reservation> pending = new HashMap<>();
    private final Map<String, Reservation> real = new ConcurrentHashMap<>();
    private final Map<String, Reservation> names = new ConcurrentHashMap<>();
    private final Map<Integer, List<Held>> ports = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Integer>> labels = new ConcurrentHashMap<>();
    private volatile Totals totals = new Totals(0, 0, 0);

    /**
     * Everything promised at one moment; what nodes are ranked by.
     *
     * @param nanoCpus billionths of a CPU
     * @param memory bytes
     */
    public record Totals(long nanoCpus, long memory, int containers) {
        private Totals and(Reservation reservation, int sign) {
            return new Totals(
                    nanoCpus + sign * reservation.nanoCpus(),
                    memory + sign * reservation.memory(),
                    containers + sign);
        }
    }

    /** A port and who has it, or is to have it. */
    private record Held(HostPort port, Reservation by) {}

    /** What became of an attempt to reserve. */
    enum Outcome {
        OK,
        DOES_NOT_FIT,
        STALE
    }

    public Totals totals() {
        return totals;
    }

    /**
     * Reserves, if the node is still as it was when it was chosen and everything still fits.
     *
     * @param seen what was promised then; null if that does not matter
     * @param fits looked at while nothing can change
     */
    Outcome reserve(Reservation reservation, @Nullable Totals seen, BooleanSupplier fits) {
        lock.lock();
        try {
            if (seen != null && !seen.equals(totals)) {
                return Outcome.STALE;
            }
            if (!fits.getAsBoolean()) {
                return Outcome.DOES_NOT_FIT;
            }
            pending.put(reservation.swarmId(), reservation);
            index(reservation);
            totals = totals.and(reservation, 1);
            return Outcome.OK;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a reservation back; nothing happens if a container has taken its place. */
    void release(Reservation reservation) {
        lock.lock();
        try {
            if (pending.remove(reservation.swarmId(), reservation)) {
                forget(reservation);
                totals = totals.and(reservation, -1);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(@Nullable Container old, @Nullable Container now) {
        lock.lock();
        try {
            Totals sum = totals;
            Reservation before = old == null ? null : real.remove(old.id());
            if (before != null) {
                forget(before);
                sum = sum.and(before, -1);
            }
            if (now != null) {
                Reservation actual = Reservation.of(now);
                Reservation reserved =
                        actual.swarmId().isEmpty() ? null : pending.remove(actual.swarmId());
                if (reserved != null) {
                    forget(reserved);
                    sum = sum.and(reserved, -1);
                }
                real.put(actual.id(), actual);
                index(actual);
                sum = sum.and(actual, 1);
            }
            totals = sum;
        } finally {
            lock.unlock();
        }
    }

    private void index(Reservation reservation) {
        reservation.names().forEach(name -> names.put(name, reservation));
        for (HostPort port : reservation.ports()) {
            List<Held> holders = new ArrayList<>(ports.getOrDefault(port.port(), List.of()));
            holders.add(new Held(port, reservation));
            ports.put(port.port(), List.copyOf(holders));
        }
        reservation
                .labels()
                .forEach(
                        (key, value) -> {
                            if (!key.startsWith(OURS)) {
                                labels.computeIfAbsent(key, k -> new ConcurrentHashMap<>())
                                        .merge(value, 1, Integer::sum);
                            }
                        });
    }

    private void forget(Reservation reservation) {
        reservation.names().forEach(name -> names.remove(name, reservation));
        for (HostPort port : reservation.ports()) {
            List<Held> holders = new ArrayList<>(ports.getOrDefault(port.port(), List.of()));
            holders.removeIf(held -> held.port.equals(port) && held.by.equals(reservation));
            if (holders.isEmpty()) {
                ports.remove(port.port());
            } else {
                ports.put(port.port(), List.copyOf(holders));
            }
        }
        reservation
                .labels()
                .forEach(
                        (key, value) ->
                                labels.computeIfPresent(
                                        key,
                                        (k, values) -> {
                                            values.computeIfPresent(
                                                    value,
                                                    (v, count) -> count == 1 ? null : count - 1);
                                            return values.isEmpty() ? null : values;
                                        }));
    }

    /** The name of a container that holds a port so that another cannot have it; null for none. */
    @Nullable String holder(HostPort wanted) {
        for (Held held : ports.getOrDefault(wanted.port(), List.of())) {
            if (held.port.clashes(wanted)) {
                return held.by.name();
            }
        }
        return null;
    }

    /** Whether a container of this id or name is here or on its way. */
    boolean has(String idOrName) {
        return real.containsKey(idOrName) || names.containsKey(idOrName);
    }

    /** Containers here by id. */
    Map<String, ?> ids() {
        return real;
    }

    /** Containers here, or on their way, by name. */
    Map<String, ?> names() {
        return names;
    }

    /** The values that containers here, or on their way, give to a label. */
    Map<String, ?> labelValues(String key) {
        return labels.getOrDefault(key, Map.of());
    }
}
