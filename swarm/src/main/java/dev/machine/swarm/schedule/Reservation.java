package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.PortBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one container reserves on its node, whether it exists or is being created.
 *
 * @param id the engine's id of the container; empty while it is being created
 * @param networks the ids that clients see, and for a container that exists also the names
 */
record Reservation(
        String id,
        String swarmId,
        List<String> names,
        long nanoCpus,
        long memory,
        Set<PortBinding> ports,
        Map<String, String> labels,
        Set<String> networks) {
    static Reservation of(PlacementRequest request) {
        return new Reservation(
                "",
                request.swarmId(),
                List.of(request.name()),
                request.resources().nanoCpus(),
                request.resources().memory(),
                request.resources().ports(),
                request.labels(),
                Set.copyOf(request.conditions().together().networks()));
    }

    static Reservation of(Container container) {
        return new Reservation(
                container.id(),
                container.labels().getOrDefault(PlacementRequest.SWARM_ID, ""),
                container.names(),
                container.resources().nanoCpus(),
                container.resources().memory(),
                container.ports().bound(),
                container.labels(),
                container.attached().networks());
    }

    String name() {
        return names.isEmpty() ? id : names.getFirst();
    }
}
