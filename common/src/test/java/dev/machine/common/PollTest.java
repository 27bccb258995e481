package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollTest {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final List<Duration> pauses = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private int questions;

    private final Poll poll =
            new Poll(
                    () -> now,
                    pause -> {
                        pauses.add(pause);
                        now = now.plus(pause);
                    });

    private int ask() {
        return ++questions;
    }

    @Test
    void doesNotPauseWhenTheConditionHoldsAlready() {
        assertThat(poll.until(Duration.ZERO, INTERVAL, () -> true)).isTrue();
        assertThat(pauses).isEmpty();
    }

    @Test
    void asksAgainAfterEachPauseUntilTheConditionHolds() {
        assertThat(poll.until(Duration.ofSeconds(10), INTERVAL, () -> ask() == 3)).isTrue();
        assertThat(pauses).containsExactly(INTERVAL, INTERVAL);
    }

    @Test
    void givesUpAtTheDeadlineAfterALastQuestion() {
        assertThat(poll.until(Duration.ofSeconds(4), INTERVAL, () -> ask() > 3)).isFalse();
        assertThat(questions).isEqualTo(3);
        assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(4));
    }

    @Test
    void returnsTheLastAnswer() {
        assertThat(poll.until(Duration.ofSeconds(9), INTERVAL, this::ask, it -> it == 2))
                .isEqualTo(2);
        assertThat(poll.until(Duration.ofSeconds(4), INTERVAL, this::ask, it -> it == 0))
                .isEqualTo(5);
    }
}
