package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverState;
import dev.machine.driver.Power;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Switches machines on and off: by the endpoint's process, by SSH or by the cloud's API. */
final class PowerControl {
    /** Marks the record of a machine that machine switched off. */
    private static final String SWITCHED_OFF = "switched-off";

    private final Store store;
    private final Function<String, Driver> drivers;
    private final Endpoints endpoints;
    private final NodeProvisioner nodes;

    PowerControl(
            Store store,
            Function<String, Driver> drivers,
            Endpoints endpoints,
            NodeProvisioner nodes) {
        this.store = store;
        this.drivers = drivers;
        this.endpoints = endpoints;
        this.nodes = nodes;
    }

    void start(MachineRecord record) {
        run(
                record,
                "start",
                endpoints::start,
                owner -> {
                    owner.start(record.driverState());
                    remember(record.name(), false);
                    awaitIfReady(record);
                });
    }

    void stop(MachineRecord record) {
        run(
                record,
                "stop",
                endpoints::stop,
                owner -> {
                    owner.stop(record.driverState());
                    remember(record.name(), true);
                });
    }

    void kill(MachineRecord record) {
        run(
                record,
                "kill",
                endpoints::stop,
                owner -> {
                    owner.kill(record.driverState());
                    remember(record.name(), true);
                });
    }

    private void run(
            MachineRecord record,
            String verb,
            Consumer<String> onEndpoint,
            Consumer<Power.ByApi> byOwner) {
        if (record.swarm().master()) {
            onEndpoint.accept(record.name());
            return;
        }
        Power.ByApi owner = owner(record).orElseThrow(() -> unsupported(record, verb));
        try (var lock = store.lock(record.name())) {
            byOwner.accept(owner);
        }
    }

    void restart(MachineRecord record, NodeProgress progress) {
        if (record.swarm().master()) {
            endpoints.stop(record.name());
            endpoints.start(record.name());
            return;
        }
        try (var lock = store.lock(record.name())) {
            switch (drivers.apply(record.driver()).power()) {
                case Power.OverSsh ssh -> {
                    requireNode(record);
                    nodes.reboot(record, progress);
                }
                case Power.ByApi owner -> {
                    // The restart can only be noticed if the engine answers before it.
                    boolean up = ready(record) && nodes.answers(record);
                    owner.restart(record.driverState());
                    remember(record.name(), false);
                    if (up) {
                        nodes.awaitReboot(record);
                    } else {
                        awaitIfReady(record);
                    }
                }
                case Power.None none -> throw unsupported(record, "restart");
            }
        }
    }

    private static void requireNode(MachineRecord record) {
        if (!record.hasNode()) {
            throw new MachineException(
                    record.name()
                            + " has no node to restart: its create did not finish"
                            + record.ssh().map(ssh -> " at " + ssh.address()).orElse(""),
                    "type its `machine create` again, or `machine rm "
                            + record.name()
                            + "`, which touches no node",
                    ExitCode.ERROR);
        }
    }

    /** The engine of an unfinished machine is not waited for. */
    private void awaitIfReady(MachineRecord record) {
        if (ready(record)) {
            nodes.awaitEngine(record);
        }
    }

    private static boolean ready(MachineRecord record) {
        return record.phase() == MachineRecord.Phase.READY && record.url().isPresent();
    }

    /** Whether a cloud can be asked for it. */
    boolean hasOwner(MachineRecord record) {
        return owner(record).isPresent();
    }

    private Optional<Power.ByApi> owner(MachineRecord record) {
        return drivers.apply(record.driver()).power() instanceof Power.ByApi owner
                ? Optional.of(owner)
                : Optional.empty();
    }

    /**
     * The state that the cloud reports for a machine whose engine does not answer; empty without a
     * token or an answer, or if it runs.
     */
    Optional<String> ownersWord(MachineRecord record) {
        try {
            return switch (drivers.apply(record.driver()).status(record.driverState())) {
                case STARTING -> Optional.of("Starting");
                case STOPPED -> Optional.of("Stopped");
                case GONE -> Optional.of("Gone");
                case RUNNING, UNKNOWN -> Optional.empty();
            };
        } catch (MachineException e) {
            return Optional.empty();
        }
    }

    /** Whether machine has switched it off, and not on again. */
    boolean isSwitchedOff(MachineRecord record) {
        return record.driverState().find(SWITCHED_OFF).isPresent();
    }

    private void remember(String name, boolean off) {
        MachineRecord record = store.load(name);
        DriverState before = record.driverState();
        DriverState after =
                off ? before.with(SWITCHED_OFF, "by machine") : before.without(SWITCHED_OFF);
        if (!after.equals(before)) {
            store.save(record.withDriverState(after));
        }
    }

    private static MachineException unsupported(MachineRecord record, String verb) {
        return new MachineException(
                "%s cannot be %s: driver %s cannot do that"
                        .formatted(
                                record.name(),
                                verb.equals("stop") ? "stopped" : verb + "ed",
                                record.driver()),
                elsewhere(record),
                ExitCode.ERROR);
    }

    private static String elsewhere(MachineRecord record) {
        if (record.ssh().isPresent()) {
            return "`machine ssh " + record.name() + "` reaches it while it runs";
        }
        return record.url()
                .map("machine knows only its URL, %s: start or stop it where it runs"::formatted)
                .orElse("its create did not finish: type it again");
    }
}
