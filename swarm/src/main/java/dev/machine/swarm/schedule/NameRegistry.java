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
 * Keeps the names of containers unique in the swarm: a name belongs to the container that bears it
 * on some node, or to the one create or rename that is about to give it.
 */
public final class NameRegistry {
    private static final String[] MANNERS =
            ("bold brave bright calm clever deft eager early fair fleet fresh glad keen kind lively"
                            + " lucid merry mild neat nimble patient plain proud quick quiet ready")
                    .split(" ");
    private static final String[] THINGS =
            ("acacia aspen bamboo banyan beech birch cedar clover durian fern fig hazel iris"
                            + " jasmine larch lilac linden lotus mango maple oak orchid palm pine reed")
                    .split(" ");
    private static final int NUMBERS = 1000;
    private static final LinearPattern ID = LinearPattern.of("[0-9a-f]{64}");

    private final Cluster cluster;
    private final RandomGenerator chance;
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();

    public NameRegistry(Cluster cluster, RandomGenerator chance) {
        this.cluster = cluster;
        this.chance = chance;
    }

    /** A name that nobody else can take; close it when a container bears it, or none will. */
    public final class Token implements AutoCloseable {
        private final String name;

        private Token(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        @Override
        public void close() {
            claimed.remove(name);
        }
    }

    /**
     * Takes a name.
     *
     * @throws SchedulingException of kind CONFLICT if it is taken, INVALID if it looks like the id
     *     of a container
     */
    public Token claim(String name) {
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
            return new Token(name);
        } finally {
            if (!good) {
                claimed.remove(name);
            }
        }
    }

    /** Asks once more: a container that has just gone may not be known to have. */
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
     * Takes a name for a container whose user gave it none. The engines cannot: each would see to
     * it that its own are unique only.
     */
    public Token invent() {
        while (true) {
            String name =
                    MANNERS[chance.nextInt(MANNERS.length)]
                            + "_"
                            + THINGS[chance.nextInt(THINGS.length)];
            for (String chosen : List.of(name, name + chance.nextInt(NUMBERS))) {
                if (claimed.add(chosen)) {
                    if (nobodys(chosen)) {
                        return new Token(chosen);
                    }
                    claimed.remove(chosen);
                }
            }
        }
    }

    private boolean nobodys(String name) {
        return cluster.engines().stream()
                .allMatch(engine -> engine.containers().byName(name) == null);
    }
}
