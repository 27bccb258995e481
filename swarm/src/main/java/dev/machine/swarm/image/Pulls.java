package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform;
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
    default void pull(Order order, Cancellation cancellation) throws PullFailed {
        pull(order, cancellation, () -> {});
    }

    /**
     * The same; tells when the engine has begun, that is, answers with progress and not with a
     * refusal.
     *
     * @param begun called once at most, by the thread that waits
     */
    void pull(Order order, Cancellation cancellation, Runnable begun) throws PullFailed;

    /**
     * An image for a node.
     *
     * @param image the name as the engine is to be given it
     * @param platform which of a list's images; null for the engine's own choice
     * @param auth the client's X-Registry-Auth header; null for none
     * @param since when it was not there, by {@link System#nanoTime}: what has come later will do
     */
    record Order(
            EngineCache engine,
            String image,
            @Nullable Platform platform,
            @Nullable String auth,
            long since) {}

    /** A pull that did not bring the image. */
    final class PullFailed extends Exception {
        private static final long serialVersionUID = 1L;

        /** Where no engine said what it is. */
        private static final int UNKNOWN = 500;

        private final boolean refused;
        private final int status;

        /** A failure that is no engine's answer. */
        public PullFailed(String message, boolean refused) {
            this(message, refused, UNKNOWN);
        }

        /**
         * A failure.
         *
         * @param status the engine's, as HTTP has it
         * @param refused the registry says that there is no such image or that it may not be had
         *     without credentials, so that another node fares no better
         */
        public PullFailed(String message, boolean refused, int status) {
            super(message);
            this.refused = refused;
            this.status = status;
        }

        public int status() {
            return status;
        }

        public boolean refused() {
            return refused;
        }
    }
}
