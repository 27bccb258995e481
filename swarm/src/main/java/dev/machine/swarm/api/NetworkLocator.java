package dev.machine.swarm.api;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.network.SwarmNetworks;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the network that a call names. */
final class NetworkLocator {
    private final Cluster cluster;
    private final SwarmNetworks networks;

    NetworkLocator(Cluster cluster, SwarmNetworks networks) {
        this.cluster = cluster;
        this.networks = networks;
    }

    /** The network that a text means at an engine: {@code bridge} is that engine's own. */
    SwarmNetwork near(String text, EngineCache engine) {
        List<SwarmNetwork> found = found(text);
        for (SwarmNetwork network : found) {
            if (network.ofSwarm() || network.nodes().contains(engine.name())) {
                return network;
            }
        }
        SwarmNetwork first = one(text);
        throw new HttpProblem(
                400,
                "network "
                        + first.name()
                        + " is on another node than the container, which is on "
                        + engine.name());
    }

    /**
     * The network that a text means.
     *
     * @throws HttpProblem 404 if there is none, 400 if the text is ambiguous
     */
    SwarmNetwork one(String text) {
        List<SwarmNetwork> found = found(text);
        if (found.size() == 1 || found.getFirst().parts().getFirst().network().predefined()) {
            return found.stream()
                    .filter(network -> !network.healthyEngines().isEmpty())
                    .findFirst()
                    .orElse(found.getFirst());
        }
        throw new HttpProblem(
                400,
                "network "
                        + text
                        + " is ambiguous, it may be "
                        + found.stream()
                                .map(SwarmNetwork::name)
                                .sorted()
                                .collect(Collectors.joining(" or ")));
    }

    private List<SwarmNetwork> found(String text) {
        List<SwarmNetwork> found = networks.find(text);
        if (found.isEmpty()) {
            cluster.awaitFresh();
            found = networks.find(text);
        }
        if (found.isEmpty()) {
            throw new HttpProblem(404, "network " + text + " not found");
        }
        return found;
    }
}
