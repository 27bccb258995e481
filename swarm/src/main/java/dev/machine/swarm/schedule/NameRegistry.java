package dev.machine.swarm.schedule;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.schedule.SchedulingException.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Keeps the names of containers unique in the swarm. A name is taken if a container on any node has
 * it, or if a create or a rename that still runs has claimed it.
 */
public final class NameRegistry {
    private static final String[] ADJECTIVES =
            ("bold brave bright calm clever deft eager early fair fleet fresh glad keen kind lively"
                            + " lucid merry mild neat nimble patient plain proud quick quiet ready")
                    .split(" ");
    private static final String[] PLANTS =
            ("acacia aspen bamboo banyan beech birch cedar clover durian fern fig hazel iris"
                            + " jasmine larch lilac linden lotus mango maple oak orchid palm pine reed")
                    .split(" ");
    private static final int MAX_SUFFIX = 1000;
    private static final LinearPattern ID = LinearPattern.of("[0-9a-f]{64}");

    private final Cluster cluster;
    private final RandomGenerator chance;
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();

    public NameRegistry(Cluster cluster, RandomGenerator chance) {
        this.cluster = cluster;
        this.chance = chance;
    }

    /**
     * Claims a name.
     *
     * @throws SchedulingException of kind CONFLICT if it is taken, INVALID if it looks like the id
     *     of a container
     */
    public NameClaim claim(String name) {
        if (ID.matches(name)) {
            throw new SchedulingException(
                    Kind.INVALID,
                    "Invalid container name ("
                            + name
                            + "): it could be taken for the id of another container");
        }
        if (!claimed.add(name)) {
            throw taken(name, "a container that is being created");
        }
        boolean good = false;
        try {
            for (EngineCache engine : cluster.engines()) {
                Container holder = engine.containers().byName(name);
                if (holder != null && stillThere(engine, holder, name)) {
                    throw taken(name, "container \"" + holder.id() + "\" on node " + engine.name());
                }
            }
            good = true;
            return claimed(name);
        } finally {
            if (!good) {
                claimed.remove(name);
            }
        }
    }

    private NameClaim claimed(String name) {
        return new NameClaim(name, () -> claimed.remove(name));
    }

    /** Asks the engine again, because it may not have reported yet that the container is gone. */
    private static boolean stillThere(EngineCache engine, Container holder, String name) {
        engine.invalidate(holder.id());
        try {
            engine.awaitFresh(engine.timings().ping());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return engine.containers().byName(name) != null;
    }

    private static SchedulingException taken(String name, String owner) {
        return new SchedulingException(
                Kind.CONFLICT,
                "Conflict. The container name \"/"
                        + name
                        + "\" is already in use by "
                        + owner
                        + ". You have to remove (or rename) that container to be able to reuse that name.");
    }

    /**
     * Invents a name for a container whose user gave none. An engine cannot do this: it knows only
     * the names of its own containers.
     */
    public NameClaim invent() {
        while (true) {
            String name =
                    ADJECTIVES[chance.nextInt(ADJECTIVES.length)]
                            + "_"
                            + PLANTS[chance.nextInt(PLANTS.length)];
            for (String chosen : List.of(name, name + chance.nextInt(MAX_SUFFIX))) {
                if (claimed.add(chosen)) {
                    if (isFree(chosen)) {
                        return claimed(chosen);
                    }
                    claimed.remove(chosen);
                }
            }
        }
    }

    private boolean isFree(String name) {
        return cluster.engines().stream()
                .allMatch(engine -> engine.containers().byName(name) == null);
    }
}
