package dev.machine.provisioning.undo;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.node.Apt;
import dev.machine.provisioning.node.InstallFailure;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings back the packages of the owner's that apt removed for ours, with the user's leave: the
 * same version where there is one, its configuration files as they were.
 */
final class RestorePackages implements Step {
    private static final StepId ID = new StepId("restore packages");

    private static final Duration DEADLINE = Duration.ofMinutes(20);

    private final UndoSteps undo;

    RestorePackages(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        List<String> lines = new ArrayList<>();
        if (!before.removed().isEmpty()) {
            lines.add("install " + String.join(", ", before.removed()) + " again");
        } else if (before.removedFiles()) {
            lines.add("put back files that the engine's packages replaced");
        }
        return new Change(lines, List.of());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Script script = new Script();
        Apt.begin(script, node.tools().lockWait(), "reinstall.sh", List.of());
        script.run("sed -n 's/^note: //p' {} >&2", Apt.LOG);
        ScriptResult result =
                node.shell().asRoot(script, DEADLINE.plus(node.tools().lockWait()), node::note);
        if (result.status() != 0) {
            String log = node.shell().asRoot(new Script().run("tail -c 20000 {}", Apt.LOG)).out();
            throw new MachineException(
                    "%s could not be installed again: %s"
                            .formatted(
                                    String.join(", ", undo.before(node).removed()),
                                    InstallFailure.known(log)
                                            .map(InstallFailure.Said::sentence)
                                            .orElseGet(() -> InstallFailure.errors(log))),
                    "`machine rm --purge " + node.record().name() + "` goes on from here",
                    ExitCode.ERROR);
        }
        result.err().lines().filter(line -> !line.isBlank()).forEach(node::note);
    }
}
