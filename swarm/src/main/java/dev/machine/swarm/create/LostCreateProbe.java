package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineState;
import dev.machine.swarm.schedule.PlacementRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out whether an engine that stopped answering has created a container. As soon as it answers
 * again, it is asked for the label that the container would have. If it says no it is asked again
 * later, because it may still be creating the container.
 */
final class LostCreateProbe {
    private static final int ABSENT_ANSWERS_NEEDED = 3;

    private final EngineCache engine;
    private final String query;

    LostCreateProbe(EngineCache engine, String swarmId) {
        this.engine = engine;
        String filter = "{\"label\":[\"" + PlacementRequest.SWARM_ID + "=" + swarmId + "\"]}";
        query =
                "/containers/json?all=1&filters="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    /** The id, or nothing if the container was not created or the node has left the swarm. */
    Optional<String> find() {
        int absent = 0;
        while (absent < ABSENT_ANSWERS_NEEDED
                && engine.status().state() != EngineState.DISCONNECTED) {
            LockSupport.parkNanos(engine.timings().pingEvery().toNanos());
            if (!engine.status().healthy()) {
                continue;
            }
            try {
                JsonNode list = engine.get(query, engine.timings().list());
                if (!list.isEmpty()) {
                    return Optional.of(awaitKnown(list.get(0).path("Id").asText()));
                }
                absent++;
            } catch (IOException | RuntimeException | Error e) {
                absent = 0;
            }
        }
        return Optional.empty();
    }

    /** Waits until the cache knows the container, then returns its id. */
    private String awaitKnown(String id) {
        engine.invalidateDetails(id);
        try {
            engine.awaitFresh(engine.timings().list());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return id;
    }
}
