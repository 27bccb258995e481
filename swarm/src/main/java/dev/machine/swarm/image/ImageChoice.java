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
     * There is none for this node.
     *
     * @param reason as a refusal shows it, with the platforms that there are
     */
    record Refuse(String reason) implements ImageChoice {}
}
