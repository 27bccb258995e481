package dev.machine.swarm.network;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.network.SwarmNetwork.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The networks of all nodes, from the caches of the engines. */
public final class SwarmNetworks {
    private static final LinearPattern ID_PREFIX = LinearPattern.of("[0-9a-f]{1,64}");

    private final Cluster cluster;

    public SwarmNetworks(Cluster cluster) {
        this.cluster = cluster;
    }

    /** All networks, in the order of the nodes. */
    public List<SwarmNetwork> all() {
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        for (EngineCache engine : cluster.engines()) {
            for (Network network : engine.networks().all()) {
                // Engines whose disks were cloned may have networks of one id.
                String key =
                        isOfSwarm(network) ? network.shownId() : engine.name() + "/" + network.id();
                parts.computeIfAbsent(key, x -> new ArrayList<>()).add(new Part(engine, network));
            }
        }
        return parts.values().stream().map(SwarmNetworks::network).toList();
    }

    private static SwarmNetwork network(List<Part> parts) {
        Network first = parts.getFirst().network();
        return new SwarmNetwork(first.shownId(), isOfSwarm(first), parts);
    }

    /** A network of Docker's own swarm mode is one network on all its engines, too. */
    private static boolean isOfSwarm(Network network) {
        return network.ofSwarm() || network.scope().equals("swarm");
    }

    /**
     * The networks that a text may mean: by the name of one of the whole swarm, else by {@code
     * NODE/NAME} or {@code NAME@NODE}, else by a full id (also a node's own), else by a name that
     * only single nodes have, else by a prefix of an id. More than one means that the text is
     * ambiguous; {@code bridge}, {@code host} and {@code none} mean those of all nodes.
     */
    public List<SwarmNetwork> find(String text) {
        List<SwarmNetwork> all = all();
        List<SwarmNetwork> found =
                those(all, network -> network.ofSwarm() && network.localName().equals(text));
        if (found.isEmpty()) {
            found = those(all, network -> isQualified(network, text));
        }
        if (found.isEmpty()) {
            found = those(all, network -> hasId(network, text::equals));
        }
        if (found.isEmpty()) {
            found = those(all, network -> network.localName().equals(text));
        }
        if (found.isEmpty() && ID_PREFIX.matches(text)) {
            found = those(all, network -> hasId(network, id -> id.startsWith(text)));
        }
        return found;
    }

    private static List<SwarmNetwork> those(
            List<SwarmNetwork> all, Predicate<SwarmNetwork> accepts) {
        return all.stream().filter(accepts).toList();
    }

    private static boolean isQualified(SwarmNetwork network, String text) {
        return network.parts().stream()
                .anyMatch(
                        part ->
                                network.localName()
                                        .equals(QualifiedName.on(part.engine().name(), text)));
    }

    private static boolean hasId(SwarmNetwork network, Predicate<String> accepts) {
        return accepts.test(network.id())
                || network.parts().stream().anyMatch(part -> accepts.test(part.network().id()));
    }
}
