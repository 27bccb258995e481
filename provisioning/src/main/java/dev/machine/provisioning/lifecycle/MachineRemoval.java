package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Driver;
import dev.machine.driver.Power;
import dev.machine.provisioning.lifecycle.Lifecycle.Removal;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.undo.LeaveSwarm;
import dev.machine.provisioning.undo.RemoveKey;
import java.util.List;
import java.util.function.Function;

/** Removes one machine: takes it out of its swarm, restores its node if asked, then forgets it. */
final class MachineRemoval {
    private static final StepId REMOVE = new StepId("remove");

    private final Store store;
    private final Function<String, Driver> drivers;
    private final Endpoints endpoints;
    private final NodeProvisioner nodes;

    MachineRemoval(
            Store store,
            Function<String, Driver> drivers,
            Endpoints endpoints,
            NodeProvisioner nodes) {
        this.store = store;
        this.drivers = drivers;
        this.endpoints = endpoints;
        this.nodes = nodes;
    }

    void remove(String name, Removal how, NodeProgress progress) {
        try (var lock = store.lock(name)) {
            MachineRecord record;
            try {
                record = store.load(name);
            } catch (MachineException e) {
                if (!how.force() || e.exitCode() == ExitCode.NOT_FOUND) {
                    throw e;
                }
                sayLeft(name, store.delete(name), progress);
                return;
            }
            boolean neverANode = !record.hasNode() && neverStood(record, how);
            if (neverANode) {
                // Another machine may have the address now, which must not be changed.
                say(
                        progress,
                        name,
                        "no node was ever provisioned for it%s: only its record is removed"
                                .formatted(
                                        record.ssh()
                                                .map(ssh -> " at " + ssh.address())
                                                .orElse("")));
            } else if (how.purge()) {
                unless(how.force(), name, progress, () -> undo(record, how, progress));
            }
            MachineRecord going = neverANode ? record : LeaveSwarm.take(store, store.load(name));
            unless(
                    how.force(),
                    name,
                    progress,
                    () -> {
                        if (going.swarm().master()) {
                            endpoints.stop(name);
                        }
                        drivers.apply(going.driver()).remove(going.driverState());
                    });
            sayLeft(name, store.delete(name), progress);
            forgetHostKey(going, progress);
        }
    }

    /** With {@code --force} an unknown driver does not stop the removal. */
    private boolean neverStood(MachineRecord record, Removal how) {
        try {
            return stands(record);
        } catch (MachineException e) {
            if (!how.force()) {
                throw e;
            }
            return false;
        }
    }

    /** Whether its node existed before machine and stays. */
    private boolean stands(MachineRecord record) {
        return drivers.apply(record.driver()).power() instanceof Power.OverSsh;
    }

    /** Nothing is undone on a node that its driver deletes, or that was never reached. */
    private void undo(MachineRecord record, Removal how, NodeProgress progress) {
        if (!stands(record) || record.ssh().isEmpty()) {
            return;
        }
        try {
            nodes.undo(record, how.run(), progress);
        } catch (MachineException e) {
            boolean keyWasLast =
                    record.phase() == Phase.REMOVING && RemoveKey.ID.isIn(record.failedStep());
            if (e.exitCode() != ExitCode.UNREACHABLE || !keyWasLast) {
                throw e;
            }
            say(
                    progress,
                    record.name(),
                    "everything was undone before; the machine's own key, which was last, does not log in any more");
        }
    }

    private static void unless(
            boolean forced, String name, NodeProgress progress, Runnable action) {
        try {
            action.run();
        } catch (MachineException e) {
            if (!forced) {
                throw e;
            }
            say(progress, name, e.sentence());
        }
    }

    /** Runs after the folder was removed, which frees space on a full disk. */
    private void forgetHostKey(MachineRecord gone, NodeProgress progress) {
        try {
            nodes.access().pins().forget(gone);
        } catch (MachineException e) {
            if (!AtomicFiles.noRoom(e)) {
                throw e;
            }
            say(
                    progress,
                    gone.name(),
                    "its host key stays in %s: the disk is full".formatted(store.knownHosts()));
        }
    }

    private void sayLeft(String name, List<String> left, NodeProgress progress) {
        if (!left.isEmpty()) {
            say(
                    progress,
                    name,
                    "%s stays in %s: machine did not put it there"
                            .formatted(String.join(", ", left), store.machine(name)));
        }
    }

    private static void say(NodeProgress progress, String node, String line) {
        progress.event(new NodeProgress.Note(node, REMOVE, line));
    }
}
