package dev.machine.driver.digitalocean;

import dev.machine.common.Poll;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The time and a way to wait, so that tests need not wait. */
record DriverClock(InstantSource clock, Consumer<Duration> pauses) {
    Instant now() {
        return clock.instant();
    }

    Poll poll() {
        return new Poll(clock, this::pause);
    }

    void pause(Duration duration) {
        if (duration.isPositive()) {
            pauses.accept(duration);
        }
    }
}
