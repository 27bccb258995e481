package dev.machine.swarm.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RequestBody;
import java.time.Duration;
import java.util.Set;

/**
 * One request to an engine.
 *
 * @param path with its query, and with the version the engine is spoken to in
 * @param headers without those of framing
 * @param cancellation ends the call when nobody waits for it
 */
public record EngineRequest(
        String method, String path, Headers headers, RequestBody body, Cancellation cancellation) {
    private static final Duration READ_DEADLINE = Duration.ofMinutes(1);
    private static final Duration CHANGE_DEADLINE = Duration.ofMinutes(15);
    private static final Duration WAIT_DEADLINE = Duration.ofDays(30);

    /** These wait as long as their client or the container's settings say. */
    private static final Set<String> WAITING_CALLS = Set.of("wait", "stop", "restart");

    public static EngineRequest get(String path) {
        return new EngineRequest("GET", path, Headers.NONE, RequestBody.none(), new Cancellation());
    }

    public static EngineRequest delete(String path) {
        return new EngineRequest(
                "DELETE", path, Headers.NONE, RequestBody.none(), new Cancellation());
    }

    /** A POST of settings, which nothing but its deadline ends. */
    public static EngineRequest post(String path, JsonNode settings)
            throws JsonProcessingException {
        return new EngineRequest(
                "POST",
                path,
                Headers.of("Content-Type", "application/json"),
                RequestBody.of(ExactJson.write(settings)),
                new Cancellation());
    }

    /**
     * How long an engine may take until its answer begins. Reading is quick, a change may be slow,
     * and a call that waits for a container may last for days.
     */
    Duration answersWithin() {
        int query = path.indexOf('?');
        String call = query < 0 ? path : path.substring(0, query);
        if (method.equals("GET") || method.equals("HEAD")) {
            return READ_DEADLINE;
        }
        return WAITING_CALLS.contains(call.substring(call.lastIndexOf('/') + 1))
                ? WAIT_DEADLINE
                : CHANGE_DEADLINE;
    }

    /** Whether it may be sent again when a kept connection turns out to be dead. */
    boolean repeatable() {
        return body.length() == RequestBody.NONE && (method.equals("GET") || method.equals("HEAD"));
    }
}
