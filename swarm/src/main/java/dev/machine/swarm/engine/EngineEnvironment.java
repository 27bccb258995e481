package dev.machine.swarm.engine;

import dev.machine.swarm.http.Deadlines;
import java.time.InstantSource;

/**
 * What all engines of an endpoint have in common.
 *
 * @param timings how long is waited for each engine
 * @param handshakes limits the TLS handshakes of all engines together
 * @param answers limits the large answers of all engines together
 * @param lists limits the cached lists of all engines together
 */
public record EngineEnvironment(
        Deadlines deadlines,
        EngineTimings timings,
        InstantSource clock,
        HandshakeLimit handshakes,
        LargeAnswers answers,
        ListMemory lists) {

    /** With limits of its own. */
    public static EngineEnvironment of(
            Deadlines deadlines, EngineTimings timings, InstantSource clock) {
        return new EngineEnvironment(
                deadlines,
                timings,
                clock,
                new HandshakeLimit(),
                new LargeAnswers(),
                new ListMemory());
    }
}
