package dev.machine.swarm.schedule;

import dev.machine.swarm.schedule.SchedulingException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets a container go only to a node that has the volumes it names, whatever filters were chosen;
 * another node would silently give it an empty one. A node that does not answer counts with the
 * volumes it had. A volume that no node has does not restrict the choice.
 */
final class VolumeHolders implements Filter {
    private final List<Need> needs = new ArrayList<>();

    /** A volume, or a container with volumes, that only these nodes have. */
    private record Need(String shown, Map<String, Node> holders) {
        String where() {
            return shown + " is on " + String.join(" and ", holders.keySet());
        }
    }

    VolumeHolders(
            PlacementRequest request,
            Collection<? extends Node> nodes,
            VolumeReservations reservations) {
        for (PlacementRequest.Volume volume : request.conditions().volumes()) {
            add(
                    volume.shown(),
                    nodes,
                    node ->
                            volume.node() == null
                                    ? reservations.on(node, volume.name())
                                            || (node.hasVolume(volume.name())
                                                    && !volume.movable()
                                                    && !reservations.moving(volume.name()))
                                    : volume.node().equals(node.name()));
        }
        for (PlacementRequest.Dependency dependency : request.conditions().dependencies()) {
            if (dependency.volumes()) {
                add("the container of " + dependency.option(), nodes, node -> dependency.on(node));
            }
        }
    }

    private void add(String shown, Collection<? extends Node> nodes, Predicate<Node> holds) {
        Map<String, Node> holders = new LinkedHashMap<>();
        nodes.stream().filter(holds).forEach(node -> holders.put(node.name(), node));
        if (!holders.isEmpty()) {
            needs.add(new Need(shown, holders));
        }
    }

    @Override
    public List<String> conditions(PlacementRequest request, boolean soft) {
        return request.conditions().volumes().stream().map(PlacementRequest.Volume::shown).toList();
    }

    @Override
    public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
        for (Need need : needs) {
            if (!need.holders.containsKey(node.name())) {
                return need.where();
            }
        }
        return null;
    }

    /**
     * The conflict if the volumes themselves are in the way: no node has all of them, or none that
     * has them answers.
     */
    @Nullable SchedulingException conflict() {
        if (needs.isEmpty()) {
            return null;
        }
        Map<String, Node> all = new LinkedHashMap<>(needs.getFirst().holders);
        needs.forEach(need -> all.keySet().retainAll(need.holders.keySet()));
        String where = needs.stream().map(Need::where).collect(Collectors.joining(", "));
        if (all.isEmpty()) {
            return new SchedulingException(
                    Kind.CONFLICT, "no node has all volumes that the container needs: " + where);
        }
        if (all.values().stream().anyMatch(node -> node.trouble() == null)) {
            return null;
        }
        String troubles =
                all.values().stream()
                        .map(node -> node.name() + " does not answer: " + node.trouble())
                        .collect(Collectors.joining("; "));
        return new SchedulingException(
                Kind.CONFLICT,
                where
                        + ", and "
                        + troubles
                        + "; start that node again, or name another volume to get an empty one");
    }
}
