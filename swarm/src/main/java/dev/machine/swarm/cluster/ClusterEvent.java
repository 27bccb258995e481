package dev.machine.swarm.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineStatus;
import java.util.Locale;

/**
 * An event with its node written in, as classic swarm did: attributes {@code node.*} of the actor,
 * a {@code node} object, and the node's name in {@code from}.
 *
 * @param json do not change it: all readers share it
 */
public record ClusterEvent(String node, long timeNano, ObjectNode json) {
    /** Writes the node into an event of its engine. */
    public static ClusterEvent of(EngineCache engine, ObjectNode event) {
        EngineStatus status = engine.status();
        String id = status.facts() == null ? "" : status.facts().id();
        ObjectNode actor = event.withObject("/Actor");
        if (event.path("Type").asText("").equals("network")) {
            actor.put("ID", engine.networks().shownId(actor.path("ID").asText("")));
        }
        ObjectNode attributes = actor.withObject("/Attributes");
        attributes.put("node.name", engine.name());
        attributes.put("node.id", id);
        attributes.put("node.addr", engine.member().address());
        attributes.put("node.ip", status.ip());
        event.putObject("node")
                .put("Id", id)
                .put("Name", engine.name())
                .put("Addr", engine.member().address())
                .put("Ip", status.ip());
        if (event.hasNonNull("from")) {
            event.put("from", event.path("from").asText() + " node:" + engine.name());
        }
        long nanos = event.path("timeNano").asLong(event.path("time").asLong() * 1_000_000_000L);
        return new ClusterEvent(engine.name(), nanos, event);
    }

    /** Whether a network was made or removed: each part of a network of the swarm tells it. */
    public boolean ofPart() {
        return json.path("Type").asText("").equals("network")
                && (action().equals("create") || action().equals("destroy"));
    }

    /** Equal for the same that happened to the parts of one network. */
    public String life() {
        return action() + " " + json.path("Actor").path("ID").asText("");
    }

    String action() {
        return json.path("Action").asText("");
    }

    /** Equal for two copies of one event. */
    public String identity() {
        return String.format(
                Locale.ROOT,
                "%s %d %s %s",
                node,
                timeNano,
                json.path("Action").asText(),
                json.path("Actor").path("ID").asText());
    }
}
