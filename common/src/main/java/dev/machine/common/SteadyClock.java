package dev.machine.common;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that never goes back and never jumps, even if the computer's clock is set: it adds the
 * time that has passed to the time of day of its construction. For deadlines and ages; times that
 * are shown or signed come from the real clock.
 */
public final class SteadyClock implements InstantSource {
    private final Instant begin = Instant.now();
    private final long nanos = System.nanoTime();

    @Override
    public Instant instant() {
        return begin.plusNanos(System.nanoTime() - nanos);
    }
}
