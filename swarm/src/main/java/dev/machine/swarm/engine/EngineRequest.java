package dev.machine.swarm.engine;

import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RequestBody;

/**
 * One request to an engine.
 *
 * @param path with its query, and with the version the engine is spoken to in
 * @param headers without those of framing
 * @param cancellation ends the call when nobody waits for it
 */
public record EngineRequest(
        String method, String path, Headers headers, RequestBody body, Cancellation cancellation) {

    public static EngineRequest get(String path) {
        return new EngineRequest("GET", path, Headers.NONE, RequestBody.none(), new Cancellation());
    }

    /** Whether it may be sent again when a kept connection turns out to be dead. */
    boolean repeatable() {
        return body.length() == RequestBody.NONE && (method.equals("GET") || method.equals("HEAD"));
    }
}
