package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.store.MachineRecord.Phase;
import org.junit.jupiter.api.Test;

/** The service is started, enabled, restarted and rolled back by the real scripts. */
class RunEngineTest extends OnAPlayedNode {
    private static final String AT_BOOT = "start the engine at boot";
    private static final String RETRY =
            "have the engine started again at boot until its address is there";

    private final RunEngine step = new RunEngine();

    @Test
    void startsAndEnablesAnEngineThatDoesNotRun() {
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly("start the engine", AT_BOOT);
        assertThat(node.done())
                .containsExactly(
                        "systemctl daemon-reload",
                        "systemctl -q enable docker.service",
                        "systemctl daemon-reload",
                        "systemctl restart docker.service");
        assertThat(context.wasRestarted()).isTrue();
    }

    @Test
    void plansNothingForAnEngineThatRunsAsConfigured() {
        node.runs("{}", 1);

        assertThat(step.plan(node.context()).isNone()).isTrue();
    }

    @Test
    void onlyEnablesAnEngineThatRuns() {
        node.runs("{}", 1);
        node.folder.remove("engine/enabled");
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly(AT_BOOT);
        assertThat(node.done())
                .containsExactly("systemctl daemon-reload", "systemctl -q enable docker.service");
        assertThat(node.containers()).isEqualTo(1);
        assertThat(context.wasRestarted()).isFalse();
    }

    @Test
    void restartsAnEngineWhoseConfigurationAnEarlierStepWrote() {
        node.runs("{\"live-restore\":true}", 2);
        NodeContext context = node.context();
        context.needRestart();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly("restart the engine");
        assertThat(node.done())
                .containsExactly(
                        "systemctl daemon-reload",
                        "systemctl daemon-reload",
                        "systemctl restart docker.service");
        assertThat(node.containers()).isEqualTo(2);
        assertThat(context.wasRestarted()).isTrue();
    }

    @Test
    void restartsAnEngineThatARunCutShortLeftWithItsOldConfiguration() {
        node.runs("{}", 0);
        node.folder.put(EngineFiles.RESTART_PENDING, "");
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly("restart the engine");
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isFalse();
    }

    @Test
    void makesALostSocketAnew() {
        node.runs("{}", 0);
        node.folder.put("engine/socket-lost", "");
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines())
                .containsExactly("make the socket /run/docker.sock anew and restart the engine");
        assertThat(node.done()).contains("systemctl restart docker.service");
        assertThat(context.wasRestarted()).isTrue();
    }

    @Test
    void startsAndEnablesTheServiceOfSysvinit() {
        node.sysvinit();
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly("start the engine", AT_BOOT, RETRY);
        assertThat(node.done())
                .containsExactly(
                        "update-rc.d docker defaults",
                        "update-rc.d docker enable",
                        "service docker restart");
        assertThat(node.folder.read(EngineFiles.RETRY)).contains("machine-retry");
        assertThat(node.folder.read(EngineFiles.DEFAULT)).contains("/etc/docker/machine/retry");
    }

    @Test
    void addsTheRetryAtBootOnceAndWithoutARestart() {
        node.sysvinit().runs("{}", 1);
        node.folder.put(EngineFiles.DEFAULT, "# no newline at the end");
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly(RETRY);
        assertThat(node.done()).isEmpty();
        assertThat(node.folder.read(EngineFiles.DEFAULT))
                .startsWith("# no newline at the end\nif ");
        String once = node.folder.read(EngineFiles.DEFAULT);
        step.apply(context, change);
        assertThat(node.folder.read(EngineFiles.DEFAULT)).isEqualTo(once);
    }

    @Test
    void putsTheOwnersConfigurationBackIfTheEngineDoesNotComeUpAtItsFirstAdoption() {
        node.runs("{ \"debug\": true }", 2);

        assertThatThrownBy(this::runsIntoAnOptionThatStopsTheEngine)
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.ERROR);
                            assertThat(e.hint()).contains("`machine provision rack-1-node-4`");
                        })
                .hasMessage(
                        "the engine did not come up with the new configuration, and the old one was put back;"
                                + " it said: failed to start daemon: no driver never-starts");

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).isEqualTo("{ \"debug\": true }");
        assertThat(node.folder.has(EngineFiles.DROP_IN)).isFalse();
        assertThat(node.folder.has(EngineFiles.MANAGED)).isFalse();
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isFalse();
        assertThat(node.engineRuns()).isTrue();
        assertThat(node.containers()).isEqualTo(2);
        assertThat(node.board.notes).isEmpty();
    }

    @Test
    void putsTheLastConfigurationOfAFinishedMachineBack() {
        NodeContext first = node.context();
        new ConfigureEngine().apply(first, new ConfigureEngine().plan(first));
        String ours = node.folder.read(EngineFiles.DAEMON_JSON) + "\n";
        String managed = node.folder.read(EngineFiles.MANAGED);
        node.runs(ours, 2);
        node.folder.remove(EngineFiles.RESTART_PENDING);
        node.board.record = node.board.record.withPhase(Phase.READY);

        assertThatThrownBy(this::runsIntoAnOptionThatStopsTheEngine)
                .hasMessageContaining("and the old one was put back");

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).isEqualTo(ours);
        assertThat(node.folder.read(EngineFiles.MANAGED)).isEqualTo(managed);
        assertThat(node.folder.has(EngineFiles.DROP_IN)).isTrue();
        assertThat(node.engineRuns()).isTrue();
        assertThat(node.containers()).isEqualTo(2);
    }

    @Test
    void saysThatTheOldConfigurationDoesNotRunEither() {
        node.runs("{ \"debug\": true }", 0);
        node.folder.put("engine/masked", "");

        assertThatThrownBy(this::runsIntoAnOptionThatStopsTheEngine)
                .hasMessage(
                        "the engine did not come up with the new configuration, and the old one could not be put back;"
                                + " it said: docker.service is masked");
        assertThat(node.board.notes)
                .containsExactly(
                        "the old configuration could not be put back: docker.service is masked");
    }

    private void runsIntoAnOptionThatStopsTheEngine() {
        node.board.wants("storage-driver", "never-starts");
        NodeContext context = node.context();
        ConfigureEngine configure = new ConfigureEngine();
        configure.apply(context, configure.plan(context));
        step.apply(context, step.plan(context));
    }
}
