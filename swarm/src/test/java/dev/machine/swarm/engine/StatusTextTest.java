package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTextTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0,Less than a second",
        "1,1 second",
        "59,59 seconds",
        "60,About a minute",
        "119,About a minute",
        "120,2 minutes",
        "3599,59 minutes",
        "3600,About an hour",
        "5400,2 hours",
        "172799,2 days",
        "1209600,2 weeks",
        "5184000,2 months",
        "63072000,2 years",
        "-5,Less than a second",
    })
    void saysAgesAsDockerDoes(long seconds, String text) {
        assertThat(StatusText.renew("Up 1 second", SINCE, SINCE.plusSeconds(seconds)))
                .isEqualTo("Up " + text);
    }

    @ParameterizedTest
    @CsvSource({
        "Up 3 minutes (healthy),Up 10 seconds (healthy)",
        "Up 3 minutes (Paused),Up 10 seconds (Paused)",
        "Up Less than a second (health: starting),Up 10 seconds (health: starting)",
        "Exited (137) About an hour ago,Exited (137) 10 seconds ago",
        "Restarting (1) 2 seconds ago,Restarting (1) 10 seconds ago",
        "Created,Created",
        "Dead,Dead",
        "Removal In Progress,Removal In Progress",
    })
    void renewsOnlyTheAge(String old, String renewed) {
        assertThat(StatusText.renew(old, SINCE, SINCE.plusSeconds(10))).isEqualTo(renewed);
    }

    @Test
    void leavesATextAloneWhoseBeginningIsUnknown() {
        assertThat(StatusText.renew("Up 3 minutes", null, SINCE)).isEqualTo("Up 3 minutes");
    }
}
