package dev.machine.provisioning.undo;

import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;

/** Removes the packages that machine installed, except those that other packages need by now. */
final class RemovePackages implements Step {
    private static final StepId ID = new StepId("remove packages");

    private final UndoSteps undo;

    RemovePackages(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        if (!before.kept().isEmpty()) {
            node.note(String.join(", ", before.kept()) + " stay: other packages need them");
        }
        return before.purged().isEmpty()
                ? Change.none()
                : Change.of("remove " + String.join(", ", before.purged()));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        node.packages().remove(node.packageWork(), undo.before(node).purged());
    }
}
