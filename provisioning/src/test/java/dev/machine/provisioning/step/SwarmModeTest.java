package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmModeTest {
    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void anEngineInSwarmMode() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
        board.says("engine.pid", "7").says("engine.swarm", "active").says("engine.running", "2");
    }

    @Test
    void refusesToRestartAnEngineWhoseContainersWouldStop() {
        NodeContext node = board.context();

        assertThatThrownBy(node::needRestart)
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
                            assertThat(e.hint()).contains("--restart-containers");
                        })
                .hasMessage(
                        "2 containers run on an engine in swarm mode, which has no live-restore: a restart would stop what runs");
        assertThat(node.restartNeeded()).isFalse();
    }

    @Test
    void restartsItWithLeaveAndSaysSoOnce() {
        board.mayRestartContainers = true;
        board.says("engine.running", "1");
        NodeContext node = board.context();

        node.needRestart();
        node.needRestart();

        assertThat(node.restartNeeded()).isTrue();
        assertThat(board.notes)
                .containsExactly(
                        "one container runs on an engine in swarm mode, which has no live-restore: what runs is restarted");
    }

    @Test
    void asksNobodyWhereNothingRunsOrLiveRestoreKeepsIt() {
        board.says("engine.running", "0");
        board.context().needRestart();

        board.facts.remove("engine.swarm");
        board.says("engine.running", "2");
        board.context().needRestart();

        assertThat(board.notes).isEmpty();
    }
}
