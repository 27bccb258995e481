package dev.machine.swarm.http;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Logs an event that may happen thousands of times, at most every ten seconds and with the number
 * of times.
 */
final class RateLimitedLog {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private int missed;
    private long next = System.nanoTime();

    /**
     * Counts the event; the logger, if it is its time, gets the number of events since the last
     * time.
     */
    synchronized void tell(IntConsumer words) {
        missed++;
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + PAUSE_NANOS;
            words.accept(missed);
            missed = 0;
        }
    }
}
