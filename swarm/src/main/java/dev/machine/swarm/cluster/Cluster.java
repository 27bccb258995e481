package dev.machine.swarm.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import dev.machine.common.NaturalOrder;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.discovery.Members;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.ContainerStore;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineListener;
import dev.machine.swarm.engine.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All engines of the swarm in the natural order of their names; follows the member files. */
public final class Cluster implements EngineListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** About how long an event of our own is. */
    private static final int OWN_EVENT_BYTES = 512;

    private static final LinearPattern ID_PREFIX = LinearPattern.of("[0-9a-f]{1,64}");

    private final BiFunction<Member, EngineListener, EngineCache> connector;
    private final InstantSource clock;
    private final EventHub events = new EventHub();
    private final PartEvents parts = new PartEvents(this::engines);
    private final Map<String, EngineCache> engines =
            new ConcurrentSkipListMap<>(NaturalOrder.INSTANCE);
    private volatile Map<String, String> memberErrors = Map.of();

    /**
     * A swarm without engines yet.
     *
     * @param connector makes the cache of a member's engine; may refuse with a {@link
     *     MachineException}
     */
    public Cluster(BiFunction<Member, EngineListener, EngineCache> connector, InstantSource clock) {
        this.connector = connector;
        this.clock = clock;
    }

    /**
     * Applies the member files: removes the engines that are gone or changed, then adds those that
     * are new or changed.
     */
    public void apply(Members wanted) {
        for (EngineCache engine : List.copyOf(engines.values())) {
            if (!engine.member().equals(wanted.members().get(engine.name()))) {
                engines.remove(engine.name());
                engine.close();
            }
        }
        Map<String, String> errors = new TreeMap<>(wanted.errors());
        wanted.members()
                .forEach(
                        (name, member) -> {
                            if (!engines.containsKey(name)) {
                                try {
                                    EngineCache engine = connector.apply(member, this);
                                    engines.put(name, engine);
                                    engine.start();
                                } catch (MachineException e) {
                                    errors.putIfAbsent(name, e.sentence());
                                }
                            }
                        });
        errors.forEach(
                (name, error) -> {
                    if (!error.equals(memberErrors.get(name))) {
                        LOG.warn("member {}: {}", name, error);
                    }
                });
        memberErrors = Map.copyOf(errors);
    }

    public Collection<EngineCache> engines() {
        return engines.values();
    }

    /** What is wrong with member files, by the name of the member. */
    public Map<String, String> memberErrors() {
        return memberErrors;
    }

    public EventHub events() {
        return events;
    }

    /** Waits a moment if something is known to have changed, so that it can be read. */
    public void awaitFresh() {
        engines.values().forEach(EngineCache::refreshNow);
        await(EngineCache::awaitFresh);
    }

    /**
     * Waits a moment for nodes that are about to answer for the first time, so that what they have
     * can be read.
     */
    public void awaitFirst() {
        await(EngineCache::awaitFirst);
    }

    /** Waits for one engine, at most the time given. */
    private interface Wait {
        void on(EngineCache engine, Duration most) throws InterruptedException;
    }

    /** Waits for all engines, together as long as one of them may hang unnoticed. */
    private void await(Wait wait) {
        long begin = System.nanoTime();
        try {
            for (EngineCache engine : engines.values()) {
                Duration passed = Duration.ofNanos(System.nanoTime() - begin);
                Duration left = engine.timings().unnoticed().minus(passed);
                if (left.isPositive()) {
                    wait.on(engine, left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The containers that a name may mean: by full id on any node, else by name (own, {@code
     * node/name} or {@code name@node}), else by a unique prefix of the id. More than one means that
     * the name is ambiguous. Ids are searched on all nodes before names, so that a container whose
     * name is another container's id cannot hide it.
     */
    public List<Located> find(String text) {
        String name = text.startsWith("/") ? text.substring(1) : text;
        List<Located> found = find(name, ContainerStore::byId);
        if (found.isEmpty()) {
            found = find(name, ContainerStore::byName);
        }
        if (found.isEmpty() && ID_PREFIX.matches(name)) {
            for (EngineCache engine : engines.values()) {
                for (Container match : engine.containers().byPrefix(name)) {
                    found.add(new Located(engine, match));
                }
            }
        }
        return found;
    }

    /** The containers that one kind of search finds, by the text or by its part after the node. */
    private List<Located> find(
            String name, BiFunction<ContainerStore, String, @Nullable Container> look) {
        List<Located> found = new ArrayList<>();
        for (EngineCache engine : engines.values()) {
            Container container = look.apply(engine.containers(), name);
            String local = QualifiedName.on(engine.name(), name);
            if (container == null && local != null) {
                container = look.apply(engine.containers(), local);
            }
            if (container != null) {
                found.add(new Located(engine, container));
            }
        }
        return found;
    }

    @Override
    public void event(EngineCache engine, ObjectNode event, int bytes) {
        ClusterEvent told = ClusterEvent.of(engine, event);
        if (!parts.repeats(told)) {
            events.publish(told, bytes);
        }
    }

    @Override
    public void changed(EngineCache engine, String action) {
        warnOfClones(engine);
        Instant now = clock.instant();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("status", action).put("from", "swarm").put("Type", "swarm").put("Action", action);
        event.putObject("Actor").putObject("Attributes");
        event.put("scope", "swarm");
        event.put("time", now.getEpochSecond());
        event.put("timeNano", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        events.publish(ClusterEvent.of(engine, event), OWN_EVENT_BYTES);
    }

    private void warnOfClones(EngineCache engine) {
        EngineFacts facts = engine.status().facts();
        if (facts == null || engine.status().state() != EngineState.HEALTHY) {
            return;
        }
        for (EngineCache other : engines.values()) {
            EngineFacts theirs = other.status().facts();
            if (other != engine
                    && theirs != null
                    && !facts.id().isEmpty()
                    && theirs.id().equals(facts.id())) {
                LOG.warn(
                        "nodes {} and {} have the same engine ID, as cloned disks do: on one of them remove"
                                + " /etc/docker/key.json and /var/lib/docker/engine-id, then restart docker",
                        engine.name(),
                        other.name());
            }
        }
    }

    @Override
    public void close() {
        engines.values().forEach(EngineCache::close);
    }
}
