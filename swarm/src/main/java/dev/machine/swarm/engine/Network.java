package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.LinearPattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A network of one engine. A network of the whole swarm is one network on each node that needs it;
 * all of them carry one id as a label, and that is the id clients see.
 *
 * @param id the engine's own
 * @param driver of the engine, as {@code bridge}
 * @param scope {@code local}, or {@code swarm} for one of Docker's swarm mode
 * @param labels of the user and of the endpoint
 * @param json its entry in the engine's list; do not change it
 */
public record Network(
        String id,
        String name,
        String driver,
        String scope,
        Map<String, String> labels,
        ObjectNode json) {
    /** The label that holds the id that clients see. */
    public static final String SWARM_ID = "com.docker.swarm.network";

    /** The label that holds the addresses that the user asked for, as JSON. */
    public static final String ADDRESSES = "com.docker.swarm.network.ipam";

    private static final LinearPattern ID = LinearPattern.of("[0-9a-f]{64}");
    private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");

    /** Reads an entry of an engine's list. */
    public static Network of(ObjectNode entry) {
        Map<String, String> labels = new HashMap<>();
        entry.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new Network(
                entry.path("Id").asText(""),
                entry.path("Name").asText(""),
                entry.path("Driver").asText(""),
                entry.path("Scope").asText("local"),
                Map.copyOf(labels),
                entry);
    }

    /** Whether it belongs to a network of the whole swarm. */
    public boolean ofSwarm() {
        return ID.matches(labels.getOrDefault(SWARM_ID, ""));
    }

    /** The id that clients see. */
    public String shownId() {
        return ofSwarm() ? labels.getOrDefault(SWARM_ID, id) : id;
    }

    /** Whether every engine has one of this name from the start. */
    public boolean predefined() {
        return PREDEFINED.contains(name);
    }
}
