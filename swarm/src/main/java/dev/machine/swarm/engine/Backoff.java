package dev.machine.swarm.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts to reach one engine: each is twice as long as the one before, up to a
 * limit, and shortened by chance so that many engines are not reached for at the same moment. Not
 * safe for several threads.
 */
final class Backoff {
    /** A connection that lasted this many of the longest pauses was a good one. */
    private static final int GOOD_AFTER_PAUSES = 2;

    private static final int MAX_DOUBLINGS = 16;

    private final Duration first;
    private final Duration most;
    private int failures;

    Backoff(Duration first, Duration most) {
        this.first = first;
        this.most = most;
    }

    /**
     * The next pause. An engine that comes and goes is asked less and less until it stays for a
     * while.
     *
     * @param lasted from the beginning of the last attempt to the loss of the engine
     */
    Duration next(Duration lasted) {
        if (lasted.compareTo(most.multipliedBy(GOOD_AFTER_PAUSES)) > 0) {
            failures = 0;
        }
        long doubled = first.toMillis() << Math.min(failures++, MAX_DOUBLINGS);
        long pause = Math.min(most.toMillis(), doubled);
        return Duration.ofMillis(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    }
}
