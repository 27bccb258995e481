package dev.machine.swarm.image;

/** What a name means on one node. */
public sealed interface ImageChoice {
    /**
     * The node runs this image.
     *
     * @param image the name to give to the engine
     * @param why which step of the resolver decided, as {@code machine image resolve} says it
     */
    record Use(String image, String why) implements ImageChoice {}

    /**
     * There is no image for this node.
     *
     * @param reason shown to the user, with the platforms that the image has
     */
    record Refuse(String reason) implements ImageChoice {}
}
