package dev.machine.swarm.schedule;

import dev.machine.swarm.schedule.PlacementRequest.Need;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a container go only to a node whose engine knows all its settings, whatever filters were
 * chosen; an older engine would ignore some of them silently.
 */
final class ApiFilter implements Filter {
    @Override
    public List<String> conditions(PlacementRequest request, boolean soft) {
        return request.conditions().needs().stream()
                .map(need -> need.setting() + " (API " + need.since() + ")")
                .toList();
    }

    @Override
    public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
        for (Need need : request.conditions().needs()) {
            if (need.since().compareTo(node.newestApi()) > 0) {
                return "its Docker is too old for %s: it needs API %s, the node speaks up to %s"
                        .formatted(need.setting(), need.since(), node.newestApi());
            }
        }
        return null;
    }
}
