package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.util.List;

/** The machine and the URL that the docker CLI shall use. */
public record ConnectionTarget(MachineRecord machine, String url) {
    /** Loads a machine that has a URL; with {@code swarm} it must be a master. */
    public static ConnectionTarget load(Store store, String name, boolean swarm) {
        MachineRecord machine = swarm ? master(store, name) : store.load(name);
        return new ConnectionTarget(
                machine,
                machine.url()
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                name
                                                        + " has no URL yet: its creation was not finished",
                                                "finish it with: machine provision " + name,
                                                ExitCode.ERROR)));
    }

    private static MachineRecord master(Store store, String name) {
        MachineRecord machine =
                store.find(name)
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                "Machine \"" + name + "\" does not exist",
                                                mastersOf(store, name),
                                                ExitCode.NOT_FOUND));
        if (!machine.swarm().master()) {
            throw new MachineException(
                    name + " is not a swarm master", mastersOf(store, "master"), ExitCode.ERROR);
        }
        return machine;
    }

    /** A hint that lists the masters of the store, or that says how to create one. */
    private static String mastersOf(Store store, String example) {
        List<String> masters =
                store.machines().stream()
                        .filter(machine -> machine.swarm().master())
                        .map(MachineRecord::name)
                        .toList();
        return masters.isEmpty()
                ? "make a swarm's endpoint with: machine create -d none --url tcp://127.0.0.1:3376 --swarm-master "
                        + example
                : "masters here: " + String.join(", ", masters);
    }

    /** Warns if the machine is a master that is stopped, or is not READY. */
    public void warn(Invocation call) {
        String name = machine.name();
        if (machine.swarm().master() && !call.services().store().endpointLock(name).isHeld()) {
            call.console().err().print(name + " is stopped: machine start " + name + '\n');
        } else if (machine.phase() != MachineRecord.Phase.READY) {
            call.console().err().print(name + " is not ready: machine provision " + name + '\n');
        }
    }
}
