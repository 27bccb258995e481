package dev.machine.swarm.cluster;

import dev.machine.swarm.engine.EngineCache;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.Supplier;

/**
 * Tells which events of engines repeat what clients have been told: a network of the whole swarm is
 * made and removed once, however many nodes have a part of it.
 */
final class PartEvents {
    private static final int MAX_REMEMBERED = 10_000;

    private final Supplier<Collection<EngineCache>> engines;
    private final SequencedSet<String> told = new LinkedHashSet<>();

    PartEvents(Supplier<Collection<EngineCache>> engines) {
        this.engines = engines;
    }

    boolean repeats(ClusterEvent event) {
        if (!event.ofPart()) {
            return false;
        }
        String id = event.json().path("Actor").path("ID").asText("");
        boolean left =
                engines.get().stream().anyMatch(engine -> engine.networks().partOf(id) != null);
        return (left && event.action().equals("destroy")) || !first(event.life());
    }

    /** The caches may know of all parts before the first event comes. */
    private synchronized boolean first(String what) {
        boolean first = told.add(what);
        if (told.size() > MAX_REMEMBERED) {
            told.removeFirst();
        }
        return first;
    }
}
