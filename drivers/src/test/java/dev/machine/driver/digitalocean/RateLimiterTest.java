package dev.machine.driver.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private final RateLimiter pace =
            new RateLimiter(new DriverClock(() -> now, pause -> now = now.plus(pause)));

    private List<Instant> take(int times) {
        List<Instant> taken = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            pace.take();
            taken.add(now);
        }
        return taken;
    }

    @Test
    void letsAFewThroughAtOnce() {
        assertThat(take(10)).containsOnly(BEGIN);
        assertThat(take(1)).containsExactly(BEGIN.plusMillis(250));
    }

    @Test
    void neverHasMoreThanTheLimitInAMinute() {
        List<Instant> taken = take(1000);
        for (Instant from : taken) {
            Instant to = from.plus(Duration.ofMinutes(1));
            assertThat(taken.stream().filter(it -> !it.isBefore(from) && it.isBefore(to)).count())
                    .isLessThanOrEqualTo(250);
        }
    }

    @Test
    void holdsEverybodyUntilItIsToldTo() {
        pace.holdUntil(BEGIN.plusSeconds(37));
        assertThat(take(2)).containsExactly(BEGIN.plusSeconds(37), BEGIN.plusMillis(37_250));
    }
}
