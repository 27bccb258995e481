package dev.machine.swarm.create;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The outcome of one request to one engine to create a container. */
sealed interface CreateOutcome {
    /**
     * The container exists.
     *
     * @param answer the engine's
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Created(byte[] answer) implements CreateOutcome {}

    /**
     * The container does not exist, and this request will not create it.
     *
     * @param elsewhere whether another node may succeed
     */
    record Rejected(int status, String message, boolean elsewhere) implements CreateOutcome {}

    /** The container does not exist: there was no connection to send the request on. */
    record NotSent(String message) implements CreateOutcome {}

    /**
     * The request was sent, but the node does not answer any more.
     *
     * @param later the container's id, or nothing if it was not created
     */
    record Unknown(String message, CompletableFuture<Optional<String>> later)
            implements CreateOutcome {}
}
