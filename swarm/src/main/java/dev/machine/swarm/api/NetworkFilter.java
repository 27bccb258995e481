package dev.machine.swarm.api;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.network.SwarmNetwork;
import java.util.List;
import java.util.Set;

/** Which networks a client wants to see: the filters of an engine, and {@code node}. */
final class NetworkFilter {
    private static final Set<String> KNOWN =
            Set.of("name", "id", "label", "driver", "scope", "type", "dangling", "node");

    private final QueryFilters filters;

    NetworkFilter(RequestTarget target) {
        filters = QueryFilters.of(target, KNOWN);
        for (String type : filters.all("type")) {
            if (!type.equals("custom") && !type.equals("builtin")) {
                throw new HttpProblem(400, "invalid filter: 'type'='" + type + "'");
            }
        }
    }

    boolean accepts(SwarmNetwork network) {
        Network first = network.parts().getFirst().network();
        return filters.any("node", network.nodes()::contains)
                && filters.found("name", List.of(network.name(), network.localName()))
                && filters.any("id", id -> hasId(network, id))
                && filters.any("driver", first.driver()::equals)
                && filters.any("scope", first.scope()::equals)
                && filters.any("type", type -> type.equals("builtin") == first.predefined())
                && filters.labels(first.labels())
                && filters.any("dangling", wanted -> isTrue(wanted) == isDangling(network));
    }

    private static boolean hasId(SwarmNetwork network, String id) {
        return network.id().contains(id)
                || network.parts().stream().anyMatch(part -> part.network().id().contains(id));
    }

    private static boolean isTrue(String text) {
        return text.equals("1") || text.equalsIgnoreCase("true");
    }

    private static boolean isDangling(SwarmNetwork network) {
        return !network.parts().getFirst().network().predefined()
                && network.parts().stream().noneMatch(part -> isUsed(network, part));
    }

    private static boolean isUsed(SwarmNetwork network, SwarmNetwork.Part part) {
        for (Container container : part.engine().containers().all()) {
            if (container.attached().networks().contains(network.id())) {
                return true;
            }
        }
        return false;
    }
}
