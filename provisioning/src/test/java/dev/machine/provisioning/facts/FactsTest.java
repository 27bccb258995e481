package dev.machine.provisioning.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FactsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @Test
    void readsValuesFilesAndTheClock() {
        Facts facts =
                Facts.parse(
                        "os.id=raspbian\nos.like=debian\ninit=systemd\nclock=1799999400\nfile.daemon.json=e30K\nengine.running=2\nengine.pid=\n",
                        NOW);

        assertThat(facts.isDebianLike()).isTrue();
        assertThat(facts.text("init")).isEqualTo("systemd");
        assertThat(facts.skew()).isEqualTo(Duration.ofMinutes(-10));
        assertThat(facts.file("daemon.json")).hasValue("{}\n");
        assertThat(facts.runningContainers()).isEqualTo(2);
        assertThat(facts.engineRuns()).isFalse();
    }

    @Test
    void bearsNoiseBeforeTheFirstValue() {
        Facts facts =
                Facts.parse(
                        "Welcome to the rack!\n\nos.id=debian\nuserland=armhf\nmachine=armv7l\n",
                        NOW);

        assertThat(facts.text("os.id")).isEqualTo("debian");
        assertThat(facts.platform()).hasToString("linux/arm/v7");
    }

    @Test
    void keepsEqualsSignsOfAValue() {
        assertThat(Facts.parse("os.name=a=b\n", NOW).text("os.name")).isEqualTo("a=b");
    }

    @Test
    void isNotDebianForAnUnrelatedSystem() {
        assertThat(Facts.parse("os.id=alpine\n", NOW).isDebianLike()).isFalse();
        assertThat(Facts.parse("os.id=x\nos.like=rhel fedora\n", NOW).isDebianLike()).isFalse();
    }
}
