package dev.machine.provisioning.step;

import java.time.Duration;

/** Waits a moment between two looks; injected, so that a test need not wait. */
@FunctionalInterface
public interface Pause {
    void pause(Duration duration);
}
