package dev.machine.cli.command.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "60s,60000",
        "1m30s,90000",
        "1.5h,5400000",
        "200ms,200",
        "1h2m3s4ms,3723004",
        "0s,0",
        "1s1s,2000",
        "999999999h,3599999996400000",
        "0.25s,250"
    })
    void readsWhatGoWrites(String text, long millis) {
        assertThat(GoDuration.parse("--x", text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "60",
                "s",
                "m5",
                "1.s",
                ".5s",
                "1..5s",
                "-1s",
                "1 s",
                "1d",
                "1s2",
                "1000000000s",
                "1.0000000001s",
                "1ms2q",
                "\u0661s"
            })
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> GoDuration.parse("--x", text))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("--x takes a time like 60s, 1m30s or 500ms");
    }

    @Test
    void refusesALongOneWithoutRecursion() {
        assertThatThrownBy(() -> GoDuration.parse("--x", "1s".repeat(100_000)))
                .isInstanceOf(MachineException.class);
    }
}
