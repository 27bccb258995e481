package dev.machine.provisioning.undo;

import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that restore a node's state before machine. They share what they read of the node; one
 * object is for one run on one node.
 */
public final class UndoSteps {
    private @Nullable SnapshotReader before;

    private UndoSteps() {}

    /** The one list of them, in their order; for one run on one node. */
    public static List<Step> all() {
        return new UndoSteps().steps();
    }

    private List<Step> steps() {
        return List.of(
                new ProveNode(),
                new CheckForDataLoss(this),
                new LeaveSwarm(),
                new RemovePackages(this),
                new RestorePackages(this),
                new RestoreFiles(this),
                new RemoveKey());
    }

    SnapshotReader before(NodeContext node) {
        SnapshotReader known = before;
        if (known == null) {
            // Reading the facts also finds out how to become root.
            Facts facts = node.facts();
            known = SnapshotReader.read(node.shell(), facts);
            before = known;
        }
        return known;
    }
}
