package dev.machine.swarm.schedule;

/**
 * A node on which room is reserved for a container. When the node's cache learns of the container,
 * the container replaces the reservation; if it is never created, the reservation is released.
 *
 * @param image the image's name for this node's engine
 */
public record Placement(Node node, String image, Release release) {
    /** Releases the reservation; does nothing if the container has replaced it. */
    @FunctionalInterface
    public interface Release {
        void run();
    }
}
