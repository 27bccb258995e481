package dev.machine.common;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of day when it was made, and from then on the time that has passed: it never goes back
 * and never jumps, whatever is done to the computer's clock. For deadlines and for how old
 * something is; what is shown or signed takes the real clock.
 */
public final class SteadyClock implements InstantSource {
    private final Instant begin = Instant.now();
    private final long nanos = System.nanoTime();

    @Override
    public Instant instant() {
        return begin.plusNanos(System.nanoTime() - nanos);
    }
}
