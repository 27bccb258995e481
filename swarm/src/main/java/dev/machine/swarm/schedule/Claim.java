package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one container, there already or on its way, takes of a node.
 *
 * @param id the engine's; empty while it is on its way
 */
record Claim(
        String id,
        String swarmId,
        List<String> names,
        long nanoCpus,
        long memory,
        Set<HostPort> ports,
        Map<String, String> labels) {
    static Claim of(Demand demand) {
        return new Claim(
                "",
                demand.swarmId(),
                List.of(demand.name()),
                demand.promise().nanoCpus(),
                demand.promise().memory(),
                demand.promise().ports(),
                demand.labels());
    }

    static Claim of(Container container) {
        return new Claim(
                container.id(),
                container.labels().getOrDefault(Demand.SWARM_ID, ""),
                container.names(),
                container.promise().nanoCpus(),
                container.promise().memory(),
                container.bound(),
                container.labels());
    }

    String name() {
        return names.isEmpty() ? id : names.getFirst();
    }
}
