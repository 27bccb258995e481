package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import org.jspecify.annotations.Nullable;

/** Says which image a node gets for a name. */
public interface ImageResolver {
    /**
     * Finds out, once for all nodes, what is to be known of an image. Waits at most three seconds
     * for a registry, and only for a name that nobody knows yet.
     *
     * @param image the name as the client wrote it
     * @param asked the platform the client asked for ({@code --platform}); null for none
     */
    ImagePlan plan(String image, @Nullable Platform asked);

    /** What is known of one image. Never waits. */
    @FunctionalInterface
    interface ImagePlan {
        ImageChoice on(ImageNode node);
    }
}
