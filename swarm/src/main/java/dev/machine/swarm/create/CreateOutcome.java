package dev.machine.swarm.create;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What came of asking one node's engine to make a container. */
sealed interface CreateOutcome {
    /**
     * It is there.
     *
     * @param answer the engine's
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Made(byte[] answer) implements CreateOutcome {}

    /**
     * It is not, and will not be.
     *
     * @param elsewhere whether another node may do better
     */
    record Failed(int status, String message, boolean elsewhere) implements CreateOutcome {}

    /** It is not: there was no connection, so the engine was not even asked. */
    record Unasked(String message) implements CreateOutcome {}

    /**
     * Nobody knows yet: the node does not answer any more.
     *
     * @param later its id, or nothing if it was not made
     */
    record Open(String message, CompletableFuture<Optional<String>> later)
            implements CreateOutcome {}
}
