package dev.machine.swarm.schedule;

/**
 * A node with room reserved for a container. The room is given back unless the container comes to
 * be: it takes the reservation's place when the node's mirror learns of it.
 *
 * @param image the name to give to this node's engine
 */
public record Placement(Node node, String image, Release release) {
    /** Gives the room back; does nothing once the container is there. */
    @FunctionalInterface
    public interface Release {
        void run();
    }
}
