package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.store.EngineSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The configuration is planned from the node's files and written there by the real scripts. */
class ConfigureEngineTest extends OnAPlayedNode {
    private static final String RELOAD = "let the running engine take it up, without a restart";
    private static final String DROP_IN = "write " + EngineFiles.DROP_IN;
    private static final String MANAGED = "write " + EngineFiles.MANAGED;

    private final ConfigureEngine step = new ConfigureEngine();

    @Test
    void writesDaemonJsonAndDropInOnABareNode() {
        NodeContext context = node.context();

        Change change = step.plan(context);

        assertThat(change.lines())
                .containsExactly(
                        "set tlsverify (+true), tlscacert (+/etc/docker/ca.pem), tlscert (+/etc/docker/server.pem),"
                                + " tlskey (+/etc/docker/server-key.pem), hosts (+fd:// +tcp://127.0.0.1:2376),"
                                + " live-restore (+true), labels (+architecture=arm +provider=aiyara) in /etc/docker/daemon.json",
                        DROP_IN,
                        MANAGED);
        assertThat(context.restartNeeded()).isTrue();
        assertThat(node.folder.has(EngineFiles.DAEMON_JSON)).as("a plan changes nothing").isFalse();

        step.apply(context, change);

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON))
                .contains("\"fd://\"", "\"live-restore\" : true", "architecture=arm");
        assertThat(node.folder.permissions(EngineFiles.DAEMON_JSON)).isEqualTo("rw-r--r--");
        assertThat(node.folder.read(EngineFiles.DROP_IN))
                .contains("ExecStart=\nExecStart=/usr/sbin/dockerd ");
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isTrue();
        assertThat(node.folder.has(EngineFiles.ORIGINAL)).as("the node before us").isTrue();
        assertThat(node.done()).isEmpty();
    }

    @Test
    void plansNothingOnANodeThatIsAsItLeftIt() {
        configured(2);
        NodeContext context = node.context();

        assertThat(step.plan(context).isNone()).isTrue();
        assertThat(context.restartNeeded()).isFalse();
    }

    @Test
    void writesNoDropInWithoutSystemdAndMovesTheOwnersOptionsOutOfTheDefaultFile() {
        node.sysvinit();
        node.folder.put(EngineFiles.DEFAULT, "# mine\nDOCKER_OPTS=\"--debug --bip 10.9.0.1/24\"\n");
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines())
                .element(1)
                .isEqualTo("move options out of " + EngineFiles.DEFAULT);
        assertThat(change.lines()).doesNotContain(DROP_IN);
        assertThat(node.folder.has(EngineFiles.DROP_IN)).isFalse();
        assertThat(node.folder.read(EngineFiles.DAEMON_JSON))
                .contains(
                        "\"debug\" : true",
                        "\"bip\" : \"10.9.0.1/24\"",
                        "unix:///var/run/docker.sock");
        assertThat(node.folder.read(EngineFiles.DEFAULT))
                .startsWith("# mine\n")
                .doesNotContain("bip");
    }

    @Test
    void takesTheOwnersCommandLineOverIntoDaemonJson() {
        node.unit("/opt/bin/dockerd -H fd:// --storage-driver=vfs").runs("{\"debug\":true}", 0);
        NodeContext context = node.context();

        step.apply(context, step.plan(context));

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON))
                .contains("\"storage-driver\" : \"vfs\"", "\"debug\" : true");
        assertThat(node.folder.read(EngineFiles.DROP_IN)).contains("ExecStart=/opt/bin/dockerd\n");
    }

    @Test
    void hasARunningEngineTakeALabelUpWithoutARestart() {
        configured(2);
        wantsLabel();
        NodeContext context = node.context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines())
                .containsExactly(
                        "set labels (+rack=1) in " + EngineFiles.DAEMON_JSON, MANAGED, RELOAD);
        assertThat(node.done()).containsExactly("kill -HUP 1");
        assertThat(node.runningConfig()).contains("rack=1");
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isFalse();
        assertThat(context.restartNeeded()).isFalse();
    }

    @Test
    void leavesAnEngineThatDoesNotTakeItBySignalToTheStepThatRestarts() {
        configured(0);
        wantsLabel();
        node.folder.put("engine/dies-of-hup", "");
        NodeContext context = node.context();

        step.apply(context, step.plan(context));

        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isTrue();
        assertThat(context.restartNeeded()).isTrue();
    }

    @Test
    void restartsForALabelIfARestartIsNeededAnyway() {
        configured(0);
        wantsLabel();
        NodeContext context = node.context();
        context.needRestart();

        assertThat(step.plan(context).lines()).doesNotContain(RELOAD);
    }

    @Test
    void restartsForAKeyThatNoSignalIsEnoughFor() {
        configured(0);
        node.board.wants("storage-driver", "vfs");
        NodeContext context = node.context();

        assertThat(step.plan(context).lines()).doesNotContain(RELOAD);
        assertThat(context.restartNeeded()).isTrue();
    }

    @Test
    void hasLiveRestoreTakenUpBeforeAnythingElseIsWrittenWhereContainersRun() {
        node.runs("{\"debug\":true}", 2);
        NodeContext context = node.context();

        step.apply(context, step.plan(context));

        assertThat(node.done()).containsExactly("kill -HUP 1");
        assertThat(node.runningConfig())
                .contains("\"live-restore\" : true", "\"debug\" : true")
                .as("the signal came before the rest was written")
                .doesNotContain("tlsverify");
        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).contains("tlsverify");
        assertThat(node.folder.has("etc/docker/machine/daemon.before")).isFalse();
        assertThat(node.containers()).isEqualTo(2);
    }

    @Test
    void keepsTheOldConfigurationOfAnEngineThatDoesNotTurnLiveRestoreOn() {
        node.runs("{ \"debug\": true }", 2);
        node.folder.put("engine/deaf", "");
        NodeContext context = node.context();
        Change change = step.plan(context);

        assertThatThrownBy(() -> step.apply(context, change))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.ERROR);
                            assertThat(e.hint())
                                    .isEqualTo(
                                            "its containers and its old configuration are as they were");
                        })
                .hasMessage(
                        "the engine's configuration could not be written: the running engine did not turn live-restore on;"
                                + " a restart would stop its containers (--restart-containers allows it)");

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).isEqualTo("{ \"debug\": true }");
        assertThat(node.folder.has(EngineFiles.DROP_IN)).isFalse();
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isFalse();
    }

    @Test
    void goesOnWithoutLiveRestoreWhereContainersMayBeRestarted() {
        node.runs("{}", 2);
        node.folder.put("engine/deaf", "");
        node.board.mayRestartContainers = true;
        NodeContext context = node.context();

        step.apply(context, step.plan(context));

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).contains("tlsverify");
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isTrue();
    }

    @Test
    void setsNoLiveRestoreInSwarmMode() {
        node.runs("{}", 2);
        node.board.mayRestartContainers = true;
        node.context();
        NodeContext context = node.board.says("engine.swarm", "active").context();

        step.apply(context, step.plan(context));

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON)).doesNotContain("live-restore");
        assertThat(node.done()).as("no signal either").isEmpty();
    }

    @Test
    void saysWhyAFileCannotBeWrittenAndLeavesTheOthers() {
        NodeContext context = node.context();
        Change change = step.plan(context);
        node.folder.link(EngineFiles.DAEMON_JSON, "/nowhere/daemon.json");

        assertThatThrownBy(() -> step.apply(context, change))
                .hasMessageContaining(
                        "the engine's configuration could not be written: cannot write ")
                .hasMessageContaining("it is a link to /nowhere/daemon.json, which is not there");

        assertThat(node.folder.has(EngineFiles.MANAGED)).isFalse();
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).as("for a rerun").isTrue();
    }

    @Test
    void refusesADaemonJsonThatCannotBeMerged() {
        node.runs("{", 0);

        assertThatThrownBy(() -> step.plan(node.context()))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK))
                .hasMessageContaining(
                        "the node's /etc/docker/daemon.json cannot be merged: line 1");
    }

    /** Makes the node what a run of ours leaves behind. */
    private void configured(int containers) {
        NodeContext context = node.context();
        step.apply(context, step.plan(context));
        node.folder.remove(EngineFiles.RESTART_PENDING);
        node.runs(node.folder.read(EngineFiles.DAEMON_JSON), containers);
    }

    private void wantsLabel() {
        EngineSettings plain = EngineSettings.defaults();
        node.board.record =
                node.board.record.withEngine(
                        new EngineSettings(
                                Map.of("rack", "1"),
                                plain.registryMirrors(),
                                plain.insecureRegistries(),
                                plain.options(),
                                plain.tlsSans(),
                                plain.install(),
                                plain.listen()));
    }
}
