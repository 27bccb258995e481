package dev.machine.swarm.http;

import java.util.function.Supplier;

/** Answers everything with what a test wants at the time, which may be a raw stream. */
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
