package dev.machine.provisioning.ssh;

import java.time.Duration;

/** A moment after which nobody waits any more. */
record Deadline(long nanos, Duration total) {
    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos(), duration);
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean passed() {
        return left().isZero();
    }
}
