package dev.machine.provisioning.undo;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Removes the node from its swarm before anything else, so that no endpoint sends it new work. From
 * here on the machine is half removed.
 */
public final class LeaveSwarm implements Step {
    private static final StepId ID = new StepId("leave swarm");

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        MachineRecord record = node.record();
        boolean member =
                Files.exists(
                        node.tools().store().memberFile(record.swarm().cluster(), record.name()));
        return member || record.phase() != Phase.REMOVING
                ? Change.of("leave the swarm " + record.swarm().cluster())
                : Change.none();
    }

    @Override
    public void apply(NodeContext node, Change change) {
        node.save(take(node.tools().store(), node.record()));
    }

    /** Does this without a connection to the node; returns the saved record. */
    public static MachineRecord take(Store store, MachineRecord record) {
        MachineRecord going =
                record.phase() == Phase.REMOVING ? record : record.withPhase(Phase.REMOVING);
        store.save(going);
        try {
            Files.deleteIfExists(store.memberFile(record.swarm().cluster(), record.name()));
        } catch (IOException e) {
            throw new MachineException(
                    "cannot remove the member file of %s: %s"
                            .formatted(record.name(), AtomicFiles.reason(e)),
                    e);
        }
        return going;
    }
}
