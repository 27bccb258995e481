package dev.machine.swarm.create;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.network.SwarmNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Warns of services of the same network that run on other nodes only: a container cannot reach them
 * by their names, because names do not cross the bridges of nodes.
 */
final class NetworkWarnings {
    private static final String SERVICE = "com.docker.compose.service";

    /** Warnings in one answer; more would hide the others. */
    private static final int MAX_WARNINGS = 20;

    private NetworkWarnings() {}

    /**
     * The warnings, one for each service and network.
     *
     * @param node the name of the container's node
     */
    static List<String> of(
            List<SwarmNetwork> networks,
            Cluster cluster,
            Map<String, String> labels,
            String name,
            String node) {
        List<String> warnings = new ArrayList<>();
        for (SwarmNetwork network : networks) {
            Map<String, String> elsewhere = new TreeMap<>();
            Set<String> near = new TreeSet<>();
            near.add(labels.getOrDefault(SERVICE, name));
            for (EngineCache engine : cluster.engines()) {
                // Most nodes have no part of it, and their containers need not be looked at.
                if (engine.networks().partOf(network.id()) == null) {
                    continue;
                }
                Set<String> services = services(engine, network.id());
                if (engine.name().equals(node)) {
                    near.addAll(services);
                } else {
                    services.forEach(service -> elsewhere.putIfAbsent(service, engine.name()));
                }
            }
            elsewhere.keySet().removeAll(near);
            elsewhere.forEach(
                    (service, there) -> warnings.add(text(network, service, there, node)));
        }
        return List.copyOf(warnings.subList(0, Math.min(MAX_WARNINGS, warnings.size())));
    }

    private static String text(SwarmNetwork network, String service, String there, String node) {
        return ("network %s: %s is on %s, and a container on %s cannot reach it by its name; to have"
                        + " both on %s, create this one with the environment constraint:node==%s, or"
                        + " publish a port of %s")
                .formatted(network.name(), service, there, node, there, there, service);
    }

    /** The services, or containers without one, that run in the network on an engine. */
    private static Set<String> services(EngineCache engine, String network) {
        Set<String> services = new TreeSet<>();
        for (Container container : engine.containers().all()) {
            boolean ended = container.run().state().equals("exited");
            if (!ended && container.attached().networks().contains(network)) {
                services.add(container.labels().getOrDefault(SERVICE, container.name()));
            }
        }
        return services;
    }
}
