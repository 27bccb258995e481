package dev.machine.swarm.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of one node at a time whether a container may go there; the node's ledger is locked or not.
 */
interface Filter {

    /** What it asks for this container, as classic swarm lists it in a refusal. */
    List<String> conditions(PlacementRequest request, boolean soft);

    /**
     * Why not, or null.
     *
     * @param soft whether soft expressions count too
     */
    @Nullable String refusal(Node node, PlacementRequest request, boolean soft);
}
