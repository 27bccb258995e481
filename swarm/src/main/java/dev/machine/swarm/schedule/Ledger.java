package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.ContainerStore;
import dev.machine.swarm.engine.PortBinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is reserved on one node: by the containers that its engine has ({@code real}) and by the
 * creates that still run ({@code pending}). A container that appears in the engine's list replaces
 * its reservation in one step, by its swarm id, so nothing is counted twice or missed. Reading
 * needs no lock; changes take the ledger's own lock for microseconds.
 */
public final class Ledger implements ContainerStore.Watcher {
    private static final String OWN_LABELS = "com.docker.swarm.";

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Reservation> pending = new HashMap<>();
    private final Map<String, Reservation> real = new ConcurrentHashMap<>();
    private final Map<String, Reservation> names = new ConcurrentHashMap<>();
    private final Map<Integer, List<Held>> ports = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Integer>> labels = new ConcurrentHashMap<>();
    private final Map<String, Integer> networks = new ConcurrentHashMap<>();
    private volatile Totals totals = new Totals(0, 0, 0);

    /**
     * All that is reserved at one moment; nodes are ranked by it.
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

    /** A port with the reservation that holds it. */
    private record Held(PortBinding port, Reservation by) {}

    /** The outcome of an attempt to reserve. */
    enum Outcome {
        OK,
        DOES_NOT_FIT,
        STALE
    }

    public Totals totals() {
        return totals;
    }

    /**
     * Reserves, if the node has not changed since it was chosen and the container still fits.
     *
     * @param seen the totals when the node was chosen; null to accept any change since
     * @param fits asked under the lock, so nothing changes meanwhile
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
            add(reservation);
            totals = totals.and(reservation, 1);
            return Outcome.OK;
        } finally {
            lock.unlock();
        }
    }

    /** Releases a reservation; does nothing if a container has replaced it. */
    void release(Reservation reservation) {
        lock.lock();
        try {
            if (pending.remove(reservation.swarmId(), reservation)) {
                remove(reservation);
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
                remove(before);
                sum = sum.and(before, -1);
            }
            if (now != null) {
                Reservation actual = Reservation.of(now);
                Reservation reserved =
                        actual.swarmId().isEmpty() ? null : pending.remove(actual.swarmId());
                if (reserved != null) {
                    remove(reserved);
                    sum = sum.and(reserved, -1);
                }
                real.put(actual.id(), actual);
                add(actual);
                sum = sum.and(actual, 1);
            }
            totals = sum;
        } finally {
            lock.unlock();
        }
    }

    private void add(Reservation reservation) {
        reservation.networks().forEach(network -> networks.merge(network, 1, Integer::sum));
        reservation.names().forEach(name -> names.put(name, reservation));
        for (PortBinding port : reservation.ports()) {
            List<Held> holders = new ArrayList<>(ports.getOrDefault(port.port(), List.of()));
            holders.add(new Held(port, reservation));
            ports.put(port.port(), List.copyOf(holders));
        }
        reservation
                .labels()
                .forEach(
                        (key, value) -> {
                            if (!key.startsWith(OWN_LABELS)) {
                                labels.computeIfAbsent(key, k -> new ConcurrentHashMap<>())
                                        .merge(value, 1, Integer::sum);
                            }
                        });
    }

    private void remove(Reservation reservation) {
        reservation
                .networks()
                .forEach(
                        network ->
                                networks.computeIfPresent(
                                        network, (n, count) -> count == 1 ? null : count - 1));
        reservation.names().forEach(name -> names.remove(name, reservation));
        for (PortBinding port : reservation.ports()) {
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

    /** The name of the container that holds a port; null if the port is free. */
    @Nullable String holder(PortBinding wanted) {
        for (Held held : ports.getOrDefault(wanted.port(), List.of())) {
            if (held.port.clashes(wanted)) {
                return held.by.name();
            }
        }
        return null;
    }

    /** Whether the node has a container of this id or name, or is creating one. */
    boolean has(String idOrName) {
        return real.containsKey(idOrName) || names.containsKey(idOrName);
    }

    /** The containers that the engine has, by id. */
    Map<String, ?> ids() {
        return real;
    }

    /** The containers that the engine has or is creating, by name. */
    Map<String, ?> names() {
        return names;
    }

    /** The number of containers with this label that the engine has or is creating. */
    int count(String label, String value) {
        return labels.getOrDefault(label, Map.of()).getOrDefault(value, 0);
    }

    /** The number of containers in a network, by the id that clients see. */
    int inNetwork(String id) {
        return networks.getOrDefault(id, 0);
    }

    /** The values of a label on containers that the engine has or is creating. */
    Map<String, ?> labelValues(String key) {
        return labels.getOrDefault(key, Map.of());
    }
}
