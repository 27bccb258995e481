package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.PlacementRequest.Pin;
import dev.machine.swarm.schedule.Together;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The networks that a container names: {@code HostConfig.NetworkMode} and the keys of {@code
 * NetworkingConfig.EndpointsConfig}. An engine gets their names, because its own ids are not those
 * that clients see.
 *
 * @param ofSwarm networks that any node may have; the chosen node gets its part first
 * @param pins networks that only some nodes have
 */
record NetworkNeeds(List<SwarmNetwork> ofSwarm, List<Pin> pins) {
    private static final String NUMBER = "com.docker.compose.container-number";
    private static final Set<String> MODES = Set.of("", "default", "bridge", "host", "none");
    private static final String CONTAINER = "container:";

    NetworkNeeds {
        ofSwarm = List.copyOf(ofSwarm);
        pins = List.copyOf(pins);
    }

    /** Reads them from the settings and replaces them by the names that engines know. */
    static NetworkNeeds takeFrom(ObjectNode settings, Cluster cluster, SwarmNetworks networks) {
        Reader reader = new Reader(cluster, networks);
        if (settings.get("HostConfig") instanceof ObjectNode host
                && host.path("NetworkMode").isTextual()) {
            host.put("NetworkMode", reader.local(host.path("NetworkMode").asText()));
        }
        if (settings.path("NetworkingConfig").get("EndpointsConfig") instanceof ObjectNode given) {
            Map<String, JsonNode> endpoints = new LinkedHashMap<>();
            given.properties().forEach(e -> endpoints.put(reader.local(e.getKey()), e.getValue()));
            given.removeAll();
            given.setAll(endpoints);
        }
        return new NetworkNeeds(List.copyOf(reader.ofSwarm.values()), reader.pins);
    }

    /** What the container should share a node with. */
    Together together(Map<String, String> labels) {
        List<String> ids =
                ofSwarm.stream().filter(SwarmNetwork::keepsTogether).map(SwarmNetwork::id).toList();
        return new Together(
                labels.getOrDefault(Together.PROJECT, ""), ids, "1".equals(labels.get(NUMBER)));
    }

    private static final class Reader {
        private final Cluster cluster;
        private final SwarmNetworks networks;
        private final Map<String, SwarmNetwork> ofSwarm = new LinkedHashMap<>();
        private final List<Pin> pins = new ArrayList<>();

        Reader(Cluster cluster, SwarmNetworks networks) {
            this.cluster = cluster;
            this.networks = networks;
        }

        /** Remembers a network and returns its name as engines know it. */
        String local(String text) {
            if (MODES.contains(text) || text.startsWith(CONTAINER)) {
                return text;
            }
            for (EngineCache engine : cluster.engines()) {
                String name = QualifiedName.on(engine.name(), text);
                if (name != null) {
                    networks.find(name).stream()
                            .filter(SwarmNetwork::ofSwarm)
                            .forEach(network -> ofSwarm.put(network.id(), network));
                    pins.add(new Pin("network " + text, Set.of(engine.name())));
                    return name;
                }
            }
            List<SwarmNetwork> found = networks.find(text);
            if (found.isEmpty()) {
                String problem = QualifiedName.problem("network", text);
                if (problem != null) {
                    throw new HttpProblem(400, problem);
                }
                // The engine says what it thinks of a network that does not exist.
                return text;
            }
            SwarmNetwork first = found.getFirst();
            if (first.ofSwarm() && found.size() == 1) {
                ofSwarm.put(first.id(), first);
            } else {
                Set<String> nodes = new TreeSet<>();
                found.forEach(network -> nodes.addAll(network.nodes()));
                pins.add(new Pin("network " + text, nodes));
            }
            return first.localName();
        }
    }
}
