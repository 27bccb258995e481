package dev.machine.swarm.http;

import java.io.IOException;

/** Answers requests, each on its own virtual thread. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request.
     *
     * @throws HttpProblem for an error that the client should read
     */
    Response handle(Request request) throws IOException;

    /**
     * Whether the answer may be {@link Response.Raw}: then a client that ends its input, even
     * before the answer, still wants it.
     */
    default boolean mayBecomeRaw(Request request) {
        return false;
    }
}
