package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.step.FakeBoard;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSocketsTest {
    private static final String USUAL = "unix:///var/run/docker.sock";

    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void anEngineThatRuns() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
        board.says("engine.binary", "/usr/sbin/dockerd").says("engine.pid", "7");
    }

    private String hosts() {
        return String.join(" ", EngineSockets.hosts(board.context().facts()));
    }

    @Test
    void theRunningEngineGoesOnToGetItsSocketsAsItDoes() {
        board.says("unit.docker.socket", "loaded active enabled");
        board.says("engine.sockets", "/run/docker.sock=systemd ");
        assertThat(hosts()).isEqualTo("fd://");

        board.says("engine.sockets", "/var/run/docker.sock=own ");
        assertThat(hosts()).isEqualTo(USUAL);

        board.says("engine.sockets", "/run/docker.sock=own /srv/ci.sock=own ");
        assertThat(hosts()).isEqualTo(USUAL + " unix:///srv/ci.sock");

        board.says("engine.sockets", "/run/docker.sock=systemd /srv/ci.sock=own ");
        assertThat(hosts()).isEqualTo("fd:// unix:///srv/ci.sock");
    }

    @Test
    void oneThatDoesNotRunIsAskedByItsUnitAndByWhatSystemdCanHandOver() {
        board.facts.remove("engine.pid");
        unit("/usr/sbin/dockerd -H fd://");
        board.says("unit.docker.socket", "loaded inactive enabled");
        assertThat(hosts()).isEqualTo("fd://");

        board.says("unit.docker.socket", "masked inactive masked");
        assertThat(hosts()).isEqualTo(USUAL);

        board.says("unit.docker.socket", "loaded inactive disabled");
        assertThat(hosts()).isEqualTo(USUAL);

        board.says("engine.needs", "sysinit.target docker.socket ");
        assertThat(hosts()).isEqualTo("fd://");

        unit("/usr/sbin/dockerd");
        assertThat(hosts()).isEqualTo(USUAL);
    }

    @Test
    void packagesThatAreStillToComeBringDockerSocket() {
        board.facts.remove("engine.pid");
        board.facts.remove("engine.binary");
        assertThat(hosts()).isEqualTo("fd://");

        board.says("init", "sysvinit");
        assertThat(hosts()).isEqualTo(USUAL);
    }

    private void unit(String command) {
        String text =
                "# /lib/systemd/system/docker.service\n[Service]\nExecStart=" + command + "\n";
        board.says(
                "engine.unit",
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
}
