package dev.machine.provisioning.step;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that take a node back to what it was before us. They share what they read of it; one
 * object is for one run on one node.
 */
final class Undo {
    private @Nullable Before before;

    List<Step> steps() {
        return List.of(
                new ProveNode(),
                new RefuseLosses(this),
                new LeaveSwarm(),
                new RemovePackages(this),
                new RestorePackages(this),
                new RestoreEngine(this),
                new RemoveKey());
    }

    Before before(NodeContext node) {
        Before known = before;
        if (known == null) {
            known = Before.read(node);
            before = known;
        }
        return known;
    }
}
