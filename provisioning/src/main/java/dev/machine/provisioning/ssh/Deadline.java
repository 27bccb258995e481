package dev.machine.provisioning.ssh;

import java.time.Duration;

/** The end of a wait. */
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
