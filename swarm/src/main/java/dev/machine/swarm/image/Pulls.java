package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * Brings images onto nodes. An image that is being pulled by a node already is waited for, not
 * pulled twice.
 */
public interface Pulls {
    /**
     * Returns when the image is on the node.
     *
     * @param cancellation ends the wait, and the pull itself when nobody else waits for it
     * @throws PullFailed with the registry's or the engine's words
     */
    default void pull(Order order, Cancellation cancellation) throws PullFailed {
        pull(order, cancellation, () -> {});
    }

    /**
     * The same, with a callback when the engine begins: when it answers with progress and not with
     * an error.
     *
     * @param begun called at most once, by the waiting thread
     */
    void pull(Order order, Cancellation cancellation, Runnable begun) throws PullFailed;

    /**
     * An image for a node.
     *
     * @param image the name to give to the engine
     * @param platform which image of a list; null for the engine's own choice
     * @param auth the client's X-Registry-Auth header; null for none
     * @param since when the image was missing, by {@link System#nanoTime}: a pull that ended later
     *     is enough
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

        /** The status where no engine gave one. */
        private static final int UNKNOWN_STATUS = 500;

        private final boolean refused;
        private final int status;

        /** A failure that does not come from an engine's answer. */
        public PullFailed(String message, boolean refused) {
            this(message, refused, UNKNOWN_STATUS);
        }

        /**
         * A failure.
         *
         * @param status the HTTP status of the engine's answer
         * @param refused the registry says that there is no such image, or asks for credentials, so
         *     that another node would fail too
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

        /** The registry was asked too often, so no other node shall ask it at once. */
        public boolean limited() {
            return RegistryErrors.limited(status, String.valueOf(getMessage()));
        }
    }
}
