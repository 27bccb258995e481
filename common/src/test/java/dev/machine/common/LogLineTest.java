package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.of(2026, 11, 30, 2, 40, 2, 7_000_000, ZoneOffset.UTC);

    @Test
    void anEntryIsOneLineWhateverItHolds() {
        assertThat(line("node x: \u001b[2J\n2026-11-30 INFO Endpoint - all is well", null, false))
                .isEqualTo(
                        "2026-11-30T02:40:02.007Z WARN Endpoint - node x:"
                                + " \\x1b[2J\\n2026-11-30 INFO Endpoint - all is well\n");
    }

    @Test
    void theReasonsStandOnTheSameLine() {
        Exception error = new IllegalStateException("no\nway", new IOException("reset"));

        assertThat(line("lost", error, false))
                .endsWith(
                        "lost: java.lang.IllegalStateException: no\\nway: java.io.IOException: reset\n")
                .containsOnlyOnce("\n");
    }

    @Test
    void framesAreForThoseWhoAskForThem() {
        Exception error = new IllegalStateException("no\nway");

        assertThat(line("lost", error, true).lines())
                .anyMatch(line -> line.startsWith("        at dev.machine.common.LogLineTest"))
                .noneMatch(line -> line.startsWith("way"));
        assertThat(line("lost", new StackOverflowError(), true).lines().count()).isLessThan(50);
    }

    @Test
    void noLineIsLongerThanAKilobyte() {
        for (String unit : new String[] {"x", "ö", "👍", "\u001b", "\u0000"}) {
            String line = line(unit.repeat(5000), null, false);

            assertThat(line.getBytes(StandardCharsets.UTF_8).length)
                    .as(unit)
                    .isBetween(1000, LogLine.MAX_BYTES);
            assertThat(line).endsWith("...\n").doesNotContain("\ufffd");
        }
    }

    private static String line(String message, @Nullable Throwable error, boolean trace) {
        return LogLine.of(NOW, "WARN", "Endpoint", message, error, trace);
    }
}
