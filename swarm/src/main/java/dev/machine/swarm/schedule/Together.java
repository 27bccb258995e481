package dev.machine.swarm.schedule;

import java.util.List;

/**
 * What a container should share a node with, if it can: the names of other containers do not cross
 * the bridges of the nodes, so what belongs together is kept together.
 *
 * @param project the container's Compose project; empty for none
 * @param networks the ids, as clients see them, of its networks that are on more than one node
 * @param first whether it is the first container of its service
 */
public record Together(String project, List<String> networks, boolean first) {
    public static final Together NOTHING = new Together("", List.of(), false);

    /** The label by which Compose names the project of what it makes. */
    public static final String PROJECT = "com.docker.compose.project";

    public Together {
        networks = List.copyOf(networks);
    }
}
