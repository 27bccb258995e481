package dev.machine.swarm.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of an engine at one moment.
 *
 * @param error why it is not healthy, one sentence
 * @param facts what it said last about itself; null until it was reached once
 * @param ip its address as it was resolved last; its host name before
 * @param updatedAt when it was last heard of; null if never
 */
public record EngineStatus(
        EngineState state,
        @Nullable String error,
        @Nullable EngineFacts facts,
        String ip,
        @Nullable Instant updatedAt) {

    public boolean healthy() {
        return state == EngineState.HEALTHY;
    }

    /** Why it is not healthy; null if it is. */
    public @Nullable String trouble() {
        if (healthy()) {
            return null;
        }
        return error == null ? "it has not been reached yet" : error;
    }

    /** What must be added to the engine's times to have them by our clock. */
    Duration skew() {
        return facts == null ? Duration.ZERO : facts.skew();
    }

    /** The same engine in another state. */
    EngineStatus as(EngineState another, @Nullable String why) {
        return new EngineStatus(another, why, facts, ip, updatedAt);
    }
}
