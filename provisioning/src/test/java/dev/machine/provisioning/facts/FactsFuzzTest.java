package dev.machine.provisioning.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import java.time.Instant;

/** What a node says of itself, its os-release among it: facts, or one sentence. */
class FactsFuzzTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @FuzzTest(maxDuration = "5s")
    void areFactsOrASentence(byte[] output) {
        Facts facts = Facts.parse(new String(output, UTF_8), NOW);
        assertThat(facts.runningContainers()).isNotNegative();
        assertThat(facts.isDebianLike()).isIn(true, false);
        assertThat(facts.stoppedByRestart()).isNotNull();
        try {
            assertThat(facts.unit()).isNotNull();
            assertThat(facts.file("daemon.json")).isNotNull();
            assertThat(facts.platform().toString()).startsWith("linux/");
        } catch (MachineException e) {
            assertThat(e.sentence()).isNotBlank();
        }
    }
}
