package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.node.EngineFailure;
import dev.machine.provisioning.ssh.ScriptResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdoptionCheckTest {
    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void aBareBoard() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
    }

    private String obstacles() {
        return String.join("\n", AdoptionCheck.obstacles(board.context()));
    }

    private FakeBoard running() {
        return board.says("engine.binary", "/usr/sbin/dockerd").says("engine.pid", "7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/snap/docker/2963/bin/dockerd of user root, process 812, snap.docker.dockerd.service",
                "/home/ci/bin/dockerd of user ci, process 900, docker.service",
                "podman.socket, which has the socket /run/podman/podman.sock",
            })
    void anotherEngineIsNamed(String other) {
        board.says("engine.other.1", other);

        assertThat(obstacles()).contains(other, "remove that engine first");
    }

    @Test
    void anotherEnginesUnitIsNamedThoughItDoesNotRunUnlessOursDoes() {
        board.says("unit.snap.docker.dockerd.service", "loaded inactive enabled");
        assertThat(obstacles()).contains("snap.docker.dockerd.service, which does not run");

        running();
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void aMaskedUnitIsAnObstacleWhereSomethingNeedsIt() {
        board.says("unit.docker.service", "masked inactive masked");
        board.says("unit.docker.socket", "masked inactive masked");
        board.says("unit.containerd.service", "masked inactive masked");
        assertThat(obstacles().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("sudo systemctl unmask docker.service"),
                        line -> assertThat(line).contains("unmask docker.socket"),
                        line -> assertThat(line).contains("unmask containerd.service"));

        running().says("unit.docker.service", "loaded active enabled");
        assertThat(obstacles()).isEmpty();

        board.says("engine.needs", "docker.socket system.slice");
        unit("/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock");
        assertThat(obstacles().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("docker.socket is masked"),
                        line -> assertThat(line).contains("containerd.service is masked"));
    }

    @Test
    void socketsThatComeFromNowhereWeLookAreAnObstacle() {
        running();
        unit("/usr/sbin/dockerd $OPTIONS");
        arguments("/usr/sbin/dockerd\n-H\nunix:///run/docker.sock\n--debug\n");
        assertThat(obstacles()).contains("started with unix:///run/docker.sock");

        arguments("/usr/sbin/dockerd\n--tlsverify\n");
        assertThat(obstacles()).contains("started with --tlsverify");

        arguments("/usr/sbin/dockerd\n--debug\n");
        assertThat(obstacles()).isEmpty();

        unit("/usr/sbin/dockerd -H unix:///run/docker.sock --tlsverify");
        arguments("/usr/sbin/dockerd\n-H\nunix:///run/docker.sock\n--tlsverify\n");
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void aUnitThatStartsNothingIsAnObstacle() {
        running().says("engine.unit.missing", "/usr/bin/dockerd");

        assertThat(obstacles())
                .contains("starts /usr/bin/dockerd, which is not there", "/usr/sbin/dockerd");
    }

    @Test
    void theWordsOfTheToolThatFailedAreSaidIfTheEngineSaidNothing() {
        ScriptResult failed =
                new ScriptResult(
                        1,
                        "since=1\nlog=0\nFailed to restart docker.service: Unit docker.service is masked.\n",
                        "");

        assertThat(EngineFailure.of(board, board.context().facts(), failed))
                .isEqualTo("Failed to restart docker.service: Unit docker.service is masked.");
        assertThat(board.asRoot).last().asString().contains("--since '@1'");
    }

    private void unit(String command) {
        encode(
                "engine.unit",
                "# /lib/systemd/system/docker.service\n[Service]\nExecStart=" + command + "\n");
    }

    private void arguments(String words) {
        encode("engine.arguments", words);
    }

    private void encode(String fact, String text) {
        board.says(fact, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
}
