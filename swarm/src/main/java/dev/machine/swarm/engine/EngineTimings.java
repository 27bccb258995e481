package dev.machine.swarm.engine;

import java.time.Duration;

/**
 * How long the endpoint waits for one engine.
 *
 * @param connect for TCP, and again for TLS
 * @param ping for the answer to a ping; later means the engine hangs
 * @param pingEvery between pings
 * @param list for a list
 * @param inspect for the details of one thing
 * @param relistEvery between full lists
 * @param backoffFirst before the first attempt to get a lost engine back
 * @param backoffMost longest pause between attempts
 */
public record EngineTimings(
        Duration connect,
        Duration ping,
        Duration pingEvery,
        Duration list,
        Duration inspect,
        Duration relistEvery,
        Duration backoffFirst,
        Duration backoffMost) {
    public static final EngineTimings DEFAULT =
            new EngineTimings(
                    Duration.ofSeconds(5),
                    Duration.ofMillis(2500),
                    Duration.ofMillis(1500),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(8));

    /** How long an engine that hangs may still count as healthy. */
    public Duration unnoticed() {
        return pingEvery.plus(ping);
    }

    /** The same with another time between full lists. */
    public EngineTimings relisting(Duration every) {
        return new EngineTimings(
                connect, ping, pingEvery, list, inspect, every, backoffFirst, backoffMost);
    }

    /** A time in seconds, for a sentence. */
    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0
                ? Long.toString(time.toSeconds())
                : Double.toString(time.toMillis() / 1000.0);
    }
}
