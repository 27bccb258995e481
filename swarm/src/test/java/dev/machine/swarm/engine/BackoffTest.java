package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesBetweenAttemptsGrowUpToALimitAndBeginAgainAfterAGoodConnection() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        assertThat(backoff.next(Duration.ZERO)).isBetween(millis(50), millis(100));
        assertThat(backoff.next(Duration.ZERO)).isBetween(millis(100), millis(200));
        assertThat(backoff.next(Duration.ZERO)).isBetween(millis(200), millis(400));
        for (int i = 0; i < 30; i++) {
            assertThat(backoff.next(Duration.ZERO)).isBetween(millis(400), millis(1000));
        }
        assertThat(backoff.next(millis(2000))).isBetween(millis(500), millis(1000));
        assertThat(backoff.next(millis(2001))).isBetween(millis(50), millis(100));
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
