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
 * Finds out whether an engine that fell silent has made a container, by the label it was to have,
 * as soon as the engine answers again. An engine that says no is asked once more after a while: it
 * may have been about to.
 */
final class LostCreateProbe {
    private static final int SURE = 3;

    private final EngineCache engine;
    private final String query;

    LostCreateProbe(EngineCache engine, String swarmId) {
        this.engine = engine;
        String filter = "{\"label\":[\"" + PlacementRequest.SWARM_ID + "=" + swarmId + "\"]}";
        query =
                "/containers/json?all=1&filters="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    /** Its id, or nothing if it was not made or the node has left the swarm. */
    Optional<String> find() {
        int absent = 0;
        while (absent < SURE && engine.status().state() != EngineState.DISCONNECTED) {
            LockSupport.parkNanos(engine.timings().pingEvery().toNanos());
            if (!engine.status().healthy()) {
                continue;
            }
            try {
                JsonNode list = engine.get(query, engine.timings().list());
                if (!list.isEmpty()) {
                    return Optional.of(known(list.get(0).path("Id").asText()));
                }
                absent++;
            } catch (IOException | RuntimeException | Error e) {
                absent = 0;
            }
        }
        return Optional.empty();
    }

    /** Returns the id when the mirror knows it. */
    private String known(String id) {
        engine.invalidateDetails(id);
        try {
            engine.awaitFresh(engine.timings().list());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return id;
    }
}
