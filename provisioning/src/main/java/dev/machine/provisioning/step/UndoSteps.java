package dev.machine.provisioning.step;

import dev.machine.provisioning.node.SnapshotReader;
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
            // How root is reached is found out with the facts.
            node.facts();
            known = SnapshotReader.read(node.shell());
            before = known;
        }
        return known;
    }
}
