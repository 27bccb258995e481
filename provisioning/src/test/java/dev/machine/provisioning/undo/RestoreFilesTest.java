package dev.machine.provisioning.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.OnAPlayedNode;
import dev.machine.provisioning.step.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What provisioning wrote and started is put back by the real scripts. */
class RestoreFilesTest extends OnAPlayedNode {
    private static final String FILES = "put the files of /etc/docker back as they were";

    @Test
    void plansNothingOnANodeThatWasNeverTouched() {
        assertThat(restoring().plan(node.context()).isNone()).isTrue();
    }

    @Test
    void putsAnAdoptedEngineBackWhileItsContainersRun() {
        node.runs("{ \"debug\": true }", 2);
        node.folder.put(EngineFiles.DAEMON_JSON, "{ \"debug\": true }", "rw-r-----");
        node.folder.owned(EngineFiles.DAEMON_JSON, 1234, 4321);
        node.folder.put(EngineFiles.CA, "the owner's own CA", "rw-------");
        Map<String, String> before = node.folder.files("etc");
        node.provision();

        Change change = restore();

        assertThat(change.lines()).containsExactly(FILES, "restart the engine without them");
        assertThat(node.folder.files("etc")).isEqualTo(before);
        assertThat(node.engineRuns()).isTrue();
        assertThat(node.containers()).isEqualTo(2);
        assertThat(node.runningConfig()).contains("debug").doesNotContain("tls");
        assertThat(node.done())
                .contains("systemctl restart docker.service")
                .doesNotContain("systemctl -q disable docker.service");
        assertThat(node.board.notes).isEmpty();
    }

    @Test
    void leavesALinkedDaemonJsonALink() {
        node.folder.put("etc/real.json", "{}", "rw-------");
        node.runs("{}", 0);
        node.folder.remove(EngineFiles.DAEMON_JSON);
        node.folder.link(EngineFiles.DAEMON_JSON, "../real.json");
        Map<String, String> before = node.folder.files("etc");
        node.provision();

        restore();

        assertThat(node.folder.files("etc")).isEqualTo(before);
    }

    @Test
    void takesADaemonJsonAwayWhereThereWasNone() {
        node.runs("{}", 0);
        node.folder.remove(EngineFiles.DAEMON_JSON);
        node.provision();
        assertThat(node.folder.has(EngineFiles.DAEMON_JSON)).isTrue();

        restore();

        assertThat(node.folder.has(EngineFiles.DAEMON_JSON)).isFalse();
        assertThat(node.folder.has(EngineFiles.DROP_IN)).isFalse();
        assertThat(node.folder.has(EngineFiles.KEY)).isFalse();
    }

    @Test
    void keepsAKeyThatSomebodyAddedToDaemonJsonMeanwhile() {
        node.runs("{}", 0);
        node.provision();
        String ours = node.folder.read(EngineFiles.DAEMON_JSON);
        node.folder.put(EngineFiles.DAEMON_JSON, ours.replaceFirst("\\{", "{ \"debug\" : true,"));

        restore();

        assertThat(node.folder.read(EngineFiles.DAEMON_JSON))
                .isEqualToNormalizingWhitespace("{ \"debug\" : true }");
        assertThat(node.board.notes)
                .containsExactly("daemon.json keeps what somebody else set there meanwhile");
    }

    @Test
    void saysThatARunningEngineKeptLiveRestore() {
        node.runs("{}", 1);
        node.provision();
        node.folder.put("engine/deaf", "");

        restore();

        assertThat(node.containers()).isEqualTo(1);
        assertThat(node.board.notes)
                .containsExactly("the engine kept live-restore; it forgets it at its next restart");
    }

    @Test
    void stopsAndDisablesAnEngineThatDidNotRunBefore() {
        node.runs("{}", 0);
        node.folder.remove("engine/pid");
        node.folder.remove("engine/enabled");
        node.folder.put("engine/package", "");
        node.provision();
        assertThat(node.engineRuns()).isTrue();

        Change change = restore();

        assertThat(change.lines()).containsExactly(FILES, "stop the engine without them");
        assertThat(node.done())
                .contains("systemctl stop docker.service", "systemctl -q disable docker.service");
        assertThat(node.engineRuns()).isFalse();
        assertThat(node.folder.has("engine/enabled")).isFalse();
    }

    @Test
    void putsTheFilesOfSysvinitBack() {
        node.sysvinit().runs("{}", 1);
        node.folder.remove("etc/rc2.d/S01docker");
        node.folder.put(EngineFiles.DEFAULT, "DOCKER_OPTS='--debug'\n", "rw-r-----");
        Map<String, String> before = node.folder.files("etc");
        node.provision();
        assertThat(node.folder.has(EngineFiles.RETRY)).isTrue();
        assertThat(node.folder.has("etc/rc2.d/S01docker")).isTrue();

        restore();

        assertThat(node.folder.files("etc")).isEqualTo(before);
        assertThat(node.done()).contains("service docker restart", "update-rc.d docker disable");
        assertThat(node.containers()).isEqualTo(1);
    }

    @Test
    void takesEverythingAwayThatAnEngineOfOursLeft() {
        node.folder.remove("etc/docker");
        node.folder.put("etc/apt/keyrings/other.asc", "another's key");
        Map<String, String> before = node.folder.files("etc", "var/lib", "opt");
        node.provision();
        node.folder.put("bin/dockerd", "", "rwxr-xr-x").put("engine/package", "");
        node.folder.put("var/lib/docker/image/layer", "data");
        node.folder.put("opt/containerd/bin/runc", "");
        node.folder.put(EngineFiles.APT_LIST, "deb …");
        node.folder.put(EngineFiles.APT_KEY, "key");

        Change change = restore();

        assertThat(change.lines()).containsExactly(FILES);
        assertThat(node.folder.files("etc", "var/lib", "opt"))
                .containsAllEntriesOf(before)
                .doesNotContainKeys(
                        "etc/docker",
                        "var/lib/docker",
                        "opt/containerd",
                        "etc/apt/sources.list.d/machine-engine.list",
                        "etc/apt/keyrings/machine-engine.asc",
                        "etc/systemd/system/docker.service.d");
    }

    @Test
    void refusesToRestartAnEngineInSwarmModeThatRunsContainers() {
        node.runs("{}", 2);
        node.provision();
        node.context();
        NodeContext context = node.board.says("engine.swarm", "active").context();

        assertThatThrownBy(() -> restoring().plan(context))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ERROR))
                .hasMessage(
                        "2 containers run on an engine in swarm mode, which has no live-restore:"
                                + " a restart would stop what runs");
    }

    @Test
    void goesOnFromWhereItFailed() {
        node.runs("{ \"debug\": true }", 2);
        Map<String, String> before = node.folder.files("etc");
        node.provision();
        node.folder.put("engine/masked", "");

        assertThatThrownBy(this::restore)
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e ->
                                assertThat(e.hint())
                                        .isEqualTo(
                                                "`machine rm --purge rack-1-node-4` goes on from here"))
                .hasMessage("the node could not be put back as it was: docker.service is masked");

        node.folder.remove("engine/masked");
        restore();

        assertThat(node.folder.files("etc")).isEqualTo(before);
        assertThat(node.containers()).isEqualTo(2);
    }

    private Change restore() {
        Step step = restoring();
        NodeContext context = node.context();
        Change change = step.plan(context);
        step.apply(context, change);
        return change;
    }

    private static Step restoring() {
        return UndoSteps.all().stream()
                .filter(RestoreFiles.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
