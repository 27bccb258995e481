package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    @Test
    void beginsWithTheTimeOfDayAndNeverGoesBack() {
        SteadyClock clock = new SteadyClock();
        Instant last = clock.instant();
        assertThat(Duration.between(last, Instant.now()).abs()).isLessThan(Duration.ofSeconds(5));
        for (int i = 0; i < 1000; i++) {
            Instant now = clock.instant();
            assertThat(now).isAfterOrEqualTo(last);
            last = now;
        }
    }
}
