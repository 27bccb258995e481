package dev.machine.provisioning.undo;

import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.util.ArrayList;
import java.util.List;

/**
 * Installs the packages again that the installation removed with the user's permission: the same
 * version if there is one, with its old configuration files.
 */
final class RestorePackages implements Step {
    private static final StepId ID = new StepId("restore packages");

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
        node.packages().reinstall(node.packageWork(), undo.before(node).removed());
    }
}
