package dev.machine.swarm.http;

import java.util.function.Supplier;

/** Answers every request as the test sets it, also with a raw stream. */
record RawCapable(Supplier<Response> response) implements Handler {
    @Override
    public Response handle(Request request) {
        return response.get();
    }

    @Override
    public boolean mayBecomeRaw(Request request) {
        return response.get().body() instanceof Response.Raw;
    }
}
