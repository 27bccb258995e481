package dev.machine.swarm.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A network as clients see it: one of the whole swarm, with a part on each node that needs it, or
 * one that a single node has, which is shown as {@code NODE/NAME}.
 *
 * @param id that clients see
 * @param ofSwarm whether any node may get a part
 * @param parts at least one, in the order of the nodes
 */
public record SwarmNetwork(String id, boolean ofSwarm, List<Part> parts) {
    /** The label of a network whose containers need not be kept together. */
    private static final String SPREAD = "machine.network.spread";

    /** A network of one engine. */
    public record Part(EngineCache engine, Network network) {}

    public SwarmNetwork {
        parts = List.copyOf(parts);
    }

    /** Its name on each of its engines. */
    public String localName() {
        return parts.getFirst().network().name();
    }

    /** Its name as clients see it. */
    public String name() {
        return ofSwarm ? localName() : parts.getFirst().engine().name() + "/" + localName();
    }

    /** The names of the nodes that have a part. */
    public Set<String> nodes() {
        return parts.stream()
                .map(part -> part.engine().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The engines that have a part and answer. */
    public List<EngineCache> healthyEngines() {
        return parts.stream()
                .map(Part::engine)
                .filter(engine -> engine.status().healthy())
                .toList();
    }

    /** The part of an engine. */
    public Optional<Network> on(EngineCache engine) {
        return parts.stream()
                .filter(part -> part.engine().equals(engine))
                .map(Part::network)
                .findFirst();
    }

    /** Whether its containers should be kept on one node as long as there is room. */
    public boolean keepsTogether() {
        return ofSwarm && !Boolean.parseBoolean(parts.getFirst().network().labels().get(SPREAD));
    }

    /** An engine's description of it as clients see it: with the id and name of the swarm. */
    public ObjectNode shown(ObjectNode description) {
        ObjectNode shown = description.deepCopy();
        shown.put("Name", name()).put("Id", id);
        if (shown.get("Labels") instanceof ObjectNode labels) {
            labels.remove(List.of(Network.SWARM_ID, Network.ADDRESSES));
        }
        return shown;
    }
}
