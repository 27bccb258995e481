package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import org.jspecify.annotations.Nullable;

/** Says which image a node gets for a name. */
public interface ImageResolver {
    /**
     * Finds out what must be known of an image, once for all nodes. Waits at most three seconds for
     * a registry, and only for a name that has not been looked up yet.
     *
     * @param image the name as the client wrote it
     * @param asked the platform the client asked for ({@code --platform}); null for none
     */
    ImagePlan plan(String image, @Nullable Platform asked);

    /** The decision about one image for any node. Never waits. */
    @FunctionalInterface
    interface ImagePlan {
        ImageChoice on(ImageNode node);
    }
}
