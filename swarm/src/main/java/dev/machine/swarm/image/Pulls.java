package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineMirror;
import dev.machine.swarm.http.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * Brings images onto nodes; one that is on its way to a node is waited for, never sent for twice.
 */
public interface Pulls {
    /**
     * Returns when the image is on the node.
     *
     * @param cancellation ends the waiting, and the pull itself when nobody waits for it any more
     * @throws PullFailed with the registry's or the engine's words
     */
    void pull(Order order, Cancellation cancellation) throws PullFailed;

    /**
     * An image for a node.
     *
     * @param image the name as the engine is to be given it
     * @param platform which of a list's images; null for the engine's own choice
     * @param auth the client's X-Registry-Auth header; null for none
     * @param since when it was not there, by {@link System#nanoTime}: what has come later will do
     */
    record Order(
            EngineMirror engine,
            String image,
            @Nullable Platform platform,
            @Nullable String auth,
            long since) {}

    /** A pull that did not bring the image. */
    final class PullFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean refused;

        /**
         * A failure.
         *
         * @param refused the registry says that there is no such image or that it may not be had
         *     without credentials, so that another node fares no better
         */
        public PullFailed(String message, boolean refused) {
            super(message);
            this.refused = refused;
        }

        public boolean refused() {
            return refused;
        }
    }
}
