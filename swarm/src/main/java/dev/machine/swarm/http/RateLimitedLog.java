package dev.machine.swarm.http;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Says at most every ten seconds, with their number, what may happen thousands of times. */
final class RateLimitedLog {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private int missed;
    private long next = System.nanoTime();

    /** It has happened once more; the words are given how often since they were said last. */
    synchronized void tell(IntConsumer words) {
        missed++;
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + PAUSE;
            words.accept(missed);
            missed = 0;
        }
    }
}
