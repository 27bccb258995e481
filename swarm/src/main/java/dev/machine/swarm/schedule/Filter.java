package dev.machine.swarm.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one node at a time whether a container may go there. It is asked with and without the
 * node's ledger locked.
 */
interface Filter {

    /** What it requires for this container, as classic Swarm lists it in a refusal. */
    List<String> conditions(PlacementRequest request, boolean soft);

    /**
     * Why the container may not go to a node; null if it may.
     *
     * @param soft whether soft expressions must hold too
     */
    @Nullable String refusal(Node node, PlacementRequest request, boolean soft);
}
