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
            String refusal = need.refusal(node.newestApi());
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }
}
