package dev.machine.swarm.schedule;

import dev.machine.swarm.schedule.SchedulingException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Why no node can take a container: first classic Swarm's own message, which scripts look for, with
 * the conditions of all filters up to the one that no node passed; then one reason for each node.
 */
final class Refusal {
    private static final String NONE_HEALTHY = "No healthy node available in the cluster";
    private static final String NO_RESOURCES = "no resources available to schedule container";
    private static final String IMAGE_HINT =
            "to use another image on an architecture: machine image set NAME ARCH=IMAGE for one name,"
                    + " machine image rules add for all names that match a pattern";
    private static final String CONDITIONS =
            "Unable to find a node that satisfies the following conditions";

    private final List<Filter> filters;
    private final PlacementRequest request;
    private final List<String> reasons = new ArrayList<>();
    private int furthest = -1;
    private boolean slots;
    private boolean image;

    Refusal(
            Collection<? extends Node> nodes,
            List<Filter> filters,
            PlacementRequest request,
            Map<String, String> tried) {
        this.filters = filters;
        this.request = request;
        for (Node node : nodes) {
            slots |= node.labels().containsKey(Filters.SLOTS);
            String failed = tried.get(node.name());
            if (failed == null) {
                examine(node);
            } else {
                furthest = filters.size();
                reasons.add(node.name() + ": " + failed);
            }
        }
    }

    private void examine(Node node) {
        for (int i = 0; i < filters.size(); i++) {
            Filter filter = filters.get(i);
            String reason = filter.refusal(node, request, false);
            if (reason != null) {
                furthest = Math.max(furthest, i);
                image |= filter == Filters.PLATFORM;
                boolean named =
                        filter != Filters.RESOURCES
                                && !(filter instanceof ApiFilter)
                                && reason.contains(node.name());
                reasons.add(named ? reason : node.name() + ": " + reason);
                return;
            }
        }
        furthest = filters.size();
        reasons.add(node.name() + ": other containers took its room meanwhile");
    }

    SchedulingException exception() {
        StringBuilder text = new StringBuilder(head());
        reasons.forEach(reason -> text.append('\n').append(reason));
        if (image) {
            text.append('\n').append(IMAGE_HINT);
        }
        return new SchedulingException(Kind.NO_NODE, text.toString());
    }

    private String head() {
        if (furthest < 0 || (furthest == 0 && filters.getFirst() == Filters.HEALTH)) {
            return NONE_HEALTHY;
        }
        if (furthest >= filters.indexOf(Filters.RESOURCES)) {
            return NO_RESOURCES;
        }
        StringBuilder text = new StringBuilder(CONDITIONS);
        for (Filter filter : filters.subList(0, furthest + 1)) {
            // If no node limits its slots, naming that filter would not help.
            if (filter == Filters.CONTAINERSLOTS && !slots) {
                continue;
            }
            List<String> conditions = filter.conditions(request, false);
            if (!conditions.isEmpty()) {
                text.append("\n[").append(String.join(" ", conditions)).append(']');
            }
        }
        return text.toString();
    }
}
