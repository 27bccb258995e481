package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataCheckTest {
    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void anEngineWithContainers() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
        board.says("engine.binary", "/usr/sbin/dockerd").says("engine.pid", "7");
        board.says("engine.answers", "yes").says("engine.root", "/var/lib/docker");
        board.says("engine.driver", "overlay2").says("engine.holds", "3");
    }

    private String obstacles() {
        return String.join("\n", DataCheck.obstacles(board.context()));
    }

    private void file(String name, String content) {
        board.says(
                "file." + name,
                Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void dataElsewhereWouldHideWhatTheEngineHas() {
        board.says("engine.root", "/srv/docker");
        board.wants("data-root", "/srv/docker/");
        assertThat(obstacles()).isEmpty();

        board.wants("data-root", "/var/lib/docker");
        assertThat(obstacles())
                .contains("are in /srv/docker", "data-root=/var/lib/docker would start without");

        board.wants("graph", "/elsewhere");
        assertThat(obstacles()).contains("data-root=/elsewhere would start without");

        board.says("engine.holds", "0");
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void aLinkLeadsToTheSamePlace() {
        board.says("engine.root", "/mnt/big/docker");
        assertThat(obstacles()).contains("data-root=/var/lib/docker");

        board.says("real./var/lib/docker", "/mnt/big/docker");
        assertThat(obstacles()).isEmpty();
    }

    /** Changed after the engine was started: our restart would have the change come. */
    @ParameterizedTest
    @CsvSource({
        "data-root, /srv/new, data-root=/srv/new would start without them",
        "userns-remap, default, userns-remap=default would start without them",
        "storage-driver, vfs, 'kept by storage driver overlay2, and vfs would start'",
        "userns-remap, '', ''",
        "data-root, /var/lib/docker, ''",
    })
    void aChangeOfTheFileThatTheEngineHasNotReadYetIsNotOursToMake(
            String key, String value, String obstacle) {
        file("daemon.json", "{\"%s\":\"%s\"}".formatted(key, value));

        if (obstacle.isEmpty()) {
            assertThat(obstacles()).isEmpty();
        } else {
            assertThat(obstacles()).contains(obstacle);
        }
    }

    @Test
    void usersThatAreRemappedStayRemapped() {
        board.says("engine.root", "/var/lib/docker/100000.100000");
        file("daemon.json", "{\"userns-remap\":\"default\"}");
        assertThat(obstacles()).isEmpty();

        board.wants("userns-remap", "");
        assertThat(obstacles()).contains("an engine with no userns-remap would start without");
        board.wants("userns-remap", "alice");
        assertThat(obstacles()).contains("an engine with userns-remap=alice would start");

        board.wants("debug", "true");
        file("daemon.json", "{}");
        assertThat(obstacles()).contains("an engine with no userns-remap would start without");

        file("daemon.json", "{\"userns-remap\":\"default\"}");
        file("managed.json", "{\"options\":[\"userns-remap\"]}");
        assertThat(obstacles()).as("ours before").contains("an engine with no userns-remap");
    }

    @ParameterizedTest
    @CsvSource({
        "exec-root, /run/other",
        "containerd-namespace, other",
    })
    void whatRunsIsLookedForWhereItWas(String option, String value) {
        board.wants(option, value);

        assertThat(obstacles()).contains(option + "=" + value + " would start without them");

        file("daemon.json", "{\"%s\":\"%s\"}".formatted(option, value));
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void theDriverThatRunsIsTheOneThatCounts() {
        board.says("engine.images.vfs", "yes").wants("storage-driver", "vfs");

        assertThat(obstacles()).contains("kept by storage driver overlay2, and vfs would start");
    }
}
