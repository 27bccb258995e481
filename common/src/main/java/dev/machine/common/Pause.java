package dev.machine.common;

import java.time.Duration;

/** Waits a moment between two looks; injected, so that a test need not wait. */
@FunctionalInterface
public interface Pause {
    void pause(Duration duration);
}
