package dev.machine.provisioning.step;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that take a node back to what it was before us. They share what they read of it; one
 * object is for one run on one node.
 */
final class UndoSteps {
    private @Nullable SnapshotReader before;

    List<Step> steps() {
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
            known = SnapshotReader.read(node);
            before = known;
        }
        return known;
    }
}
