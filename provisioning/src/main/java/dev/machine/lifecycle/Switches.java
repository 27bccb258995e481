package dev.machine.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.SocketThreads;
import dev.machine.driver.Driver;
import dev.machine.driver.Power;
import dev.machine.driver.Status;
import dev.machine.store.MachineRecord;
import dev.machine.store.SshAccess;
import dev.machine.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Switches machines on and off, by whoever can: the endpoint's process, SSH, the owner's API. */
final class Switches {
    private final Store store;
    private final Function<String, Driver> drivers;
    private final Endpoints endpoints;
    private final NodeRuns nodes;

    Switches(Store store, Function<String, Driver> drivers, Endpoints endpoints, NodeRuns nodes) {
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
                    awaitIfReady(record);
                });
    }

    void stop(MachineRecord record) {
        run(record, "stop", endpoints::stop, owner -> owner.stop(record.driverState()));
    }

    void kill(MachineRecord record) {
        run(record, "kill", endpoints::stop, owner -> owner.kill(record.driverState()));
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
                    owner.restart(record.driverState());
                    if (ready(record)) {
                        nodes.awaitReboot(record);
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
                            + " has no node to restart: its create came to no end at "
                            + record.ssh().map(SshAccess::address).orElse("any address"),
                    "type its `machine create` again, or `machine rm "
                            + record.name()
                            + "`, which touches no node",
                    ExitCode.ERROR);
        }
    }

    /** An engine that was never finished is not waited for. */
    private void awaitIfReady(MachineRecord record) {
        if (ready(record)) {
            nodes.awaitEngine(record);
        }
    }

    private static boolean ready(MachineRecord record) {
        return record.phase() == MachineRecord.Phase.READY && record.url().isPresent();
    }

    /** Whether its owner can be asked for it, by a name that no other machine has. */
    boolean hasOwner(MachineRecord record) {
        return owner(record).isPresent();
    }

    private Optional<Power.ByApi> owner(MachineRecord record) {
        return drivers.apply(record.driver()).power() instanceof Power.ByApi owner
                ? Optional.of(owner)
                : Optional.empty();
    }

    /** How much of a deadline an engine may use: some is left where an owner can be asked too. */
    Duration engineShare(MachineRecord record, Duration deadline) {
        return owner(record).isPresent() ? deadline.multipliedBy(2).dividedBy(3) : deadline;
    }

    /** What the owner says of a machine whose engine does not answer; empty if nobody knows. */
    Optional<String> ownersWord(MachineRecord record, Duration deadline) {
        if (owner(record).isEmpty()) {
            return Optional.empty();
        }
        FutureTask<Status> question =
                new FutureTask<>(() -> drivers.apply(record.driver()).status(record.driverState()));
        Thread asking = SocketThreads.factory().newThread(question);
        asking.start();
        try {
            return switch (question.get(deadline.toMillis() / 3, TimeUnit.MILLISECONDS)) {
                case STARTING -> Optional.of("Starting");
                case STOPPED -> Optional.of("Stopped");
                case GONE -> Optional.of("Gone");
                case RUNNING, UNKNOWN -> Optional.empty();
            };
        } catch (TimeoutException | ExecutionException e) {
            // No token here, or no answer: that the engine does not answer is what is known.
            asking.interrupt();
            return Optional.empty();
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        }
    }

    private static MachineException unsupported(MachineRecord record, String verb) {
        return new MachineException(
                "%s cannot be %s: driver %s has no switch for it"
                        .formatted(
                                record.name(),
                                verb.equals("stop") ? "stopped" : verb + "ed",
                                record.driver()),
                "`machine ssh " + record.name() + "` reaches it while it runs",
                ExitCode.ERROR);
    }
}
