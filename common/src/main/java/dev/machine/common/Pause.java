package dev.machine.common;

import java.time.Duration;

/** Waits between two attempts; injected, so that a test need not wait. */
@FunctionalInterface
public interface Pause {
    void pause(Duration duration);
}
