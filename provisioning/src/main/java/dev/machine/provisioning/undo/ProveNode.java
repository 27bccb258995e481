package dev.machine.provisioning.undo;

import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.NodeProof;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;

/**
 * The first step of {@code rm --purge}: the node must be the one of the record. Its identity is
 * saved in the record, because later steps may remove what proves it.
 */
final class ProveNode implements Step {
    private static final StepId ID = new StepId("prove node");

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        NodeProof.require(node);
        return Change.none();
    }

    @Override
    public void apply(NodeContext node, Change change) {
        throw new IllegalStateException("a proof plans no change");
    }

    @Override
    public void confirm(NodeContext node) {
        NodeProof.remember(node);
    }
}
