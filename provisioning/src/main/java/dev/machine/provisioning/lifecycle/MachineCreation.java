package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.Progress;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.engine.DaemonOptions;
import dev.machine.provisioning.lifecycle.Lifecycle.CreateOrder;
import dev.machine.provisioning.lifecycle.Lifecycle.Outcome;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.Identity;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one machine: checks everything, saves the record before anything can fail, then runs the
 * steps.
 */
final class MachineCreation {
    static final StepId CREATE = new StepId("create");

    private final Store store;
    private final NodeProvisioner nodes;
    private final Reachability reachability;
    private final Endpoints endpoints;
    private final Authority authority;
    private final EndpointCertificates certificates;

    MachineCreation(
            Store store,
            NodeProvisioner nodes,
            Reachability reachability,
            Endpoints endpoints,
            Authority authority,
            EndpointCertificates certificates) {
        this.store = store;
        this.nodes = nodes;
        this.reachability = reachability;
        this.endpoints = endpoints;
        this.authority = authority;
        this.certificates = certificates;
    }

    Outcome create(CreateOrder order, Driver driver, boolean dryRun, NodeProgress progress) {
        CreateRequest request =
                new CreateRequest(new MachineName(order.name()), order.driverOptions());
        check(order, driver, request);
        if (dryRun) {
            return plan(order, driver, request, progress);
        }
        try (var lock = store.lock(order.name())) {
            MachineRecord record = begin(order);
            store.save(record);
            authority.ensure();
            StoredKeys keys = new StoredKeys(order.name(), store.machine(order.name()));
            boolean bought = driver.power() instanceof Power.ByApi;
            Checkpoint checkpoint =
                    new RecordCheckpoint(
                            record, saved -> store.save(record.withDriverState(saved)), keys);
            DriverState state =
                    bought
                            ? buy(driver, request, checkpoint, progress)
                            : driver.create(request, checkpoint, asNotes(order.name(), progress));
            MachineRecord made =
                    reachability.resolve(record.withDriverState(state), driver, progress);
            store.save(made);
            keys.handOver();
            if (made.ssh().isEmpty()) {
                return finishWithoutSsh(made);
            }
            return nodes.provision(
                    made,
                    order.run(),
                    progress,
                    bought ? NodeAccess.BOOT_TIMEOUT : NodeAccess.REACH_TIMEOUT);
        }
    }

    /** Takes long, so its progress is shown like that of a step. */
    private static DriverState buy(
            Driver driver, CreateRequest request, Checkpoint checkpoint, NodeProgress progress) {
        String name = request.name().value();
        progress.event(new NodeProgress.Applying(name, CREATE));
        try {
            DriverState state = driver.create(request, checkpoint, asNotes(name, progress));
            progress.event(new NodeProgress.Applied(name, CREATE));
            return state;
        } catch (MachineException e) {
            progress.event(new NodeProgress.Failed(name, CREATE, e.sentence()));
            throw e;
        }
    }

    private static Progress asNotes(String name, NodeProgress progress) {
        return line -> progress.event(new NodeProgress.Note(name, CREATE, line));
    }

    private Outcome plan(
            CreateOrder order, Driver driver, CreateRequest request, NodeProgress progress) {
        MachineRecord record = begin(order);
        List<String> purchases = driver.plan(request);
        if (!purchases.isEmpty()) {
            progress.event(new NodeProgress.Planned(order.name(), CREATE, purchases));
            return new Outcome(purchases.size(), Optional.empty(), List.of());
        }
        DriverState state =
                driver.create(
                        request,
                        new RecordCheckpoint(
                                record,
                                saved -> {},
                                new StoredKeys(order.name(), store.machine(order.name()))),
                        asNotes(order.name(), progress));
        MachineRecord planned = reachability.plan(record.withDriverState(state), driver, progress);
        return planned.ssh().isPresent()
                ? nodes.plan(planned, nodes.access().target(planned), order.run(), progress)
                : new Outcome(1, planned.url(), List.of());
    }

    /** All problems at once, before anything is saved. */
    private void check(CreateOrder order, Driver driver, CreateRequest request) {
        // First: nothing may be written beside a record or a CA of another program.
        store.refuseForeign(
                order.name(),
                order.swarm().member() && !order.swarm().master()
                        ? Optional.of(order.swarm().cluster())
                        : Optional.empty());
        authority.check();
        List<String> problems = new ArrayList<>();
        for (Problem problem : driver.check(request)) {
            problems.add(problem.option() + ": " + problem.sentence());
        }
        problems.addAll(ourOwnOptions(order.engine()));
        if (order.swarm().master() && driver.power() instanceof Power.None) {
            request.option("url").ifPresent(endpoints::check);
        } else if (order.swarm().master()) {
            problems.add(
                    "--swarm-master: an endpoint runs on this computer for now: machine create -d none --url"
                            + " tcp://127.0.0.1:3376 --swarm-master master");
        }
        if (!problems.isEmpty()) {
            throw new MachineException(
                    String.join("\n", problems), null, ExitCode.PRE_CREATE_CHECK);
        }
    }

    /** Applies the same rule to settings that are changed later. */
    static void refuseOurOwnOptions(EngineSettings settings) {
        List<String> problems = ourOwnOptions(settings);
        if (!problems.isEmpty()) {
            throw new MachineException(
                    String.join("\n", problems), null, ExitCode.PRE_CREATE_CHECK);
        }
    }

    private static List<String> ourOwnOptions(EngineSettings settings) {
        return settings.options().keySet().stream()
                .filter(option -> !DaemonOptions.allowed(option))
                .map(
                        option ->
                                "--engine-opt "
                                        + option
                                        + ": machine sets this itself, or has a flag for it")
                .toList();
    }

    /** A new record, or the one of an attempt that did not finish. */
    private MachineRecord begin(CreateOrder order) {
        Optional<MachineRecord> known = store.find(order.name());
        if (known.isPresent() && known.get().phase() == Phase.READY) {
            throw new MachineException(
                    "machine \"" + order.name() + "\" already exists",
                    "`machine provision "
                            + order.name()
                            + "` changes it, `machine rm "
                            + order.name()
                            + "` removes it",
                    ExitCode.ERROR);
        }
        if (known.isPresent() && known.get().phase() == Phase.REMOVING) {
            throw new MachineException(
                    "machine \"" + order.name() + "\" was not removed completely",
                    "`machine rm " + order.name() + "` finishes that",
                    ExitCode.ERROR);
        }
        if (known.isPresent() && !known.get().driver().equals(order.driver())) {
            throw new MachineException(
                    "machine \"%s\" was begun with driver %s"
                            .formatted(order.name(), known.get().driver()),
                    "finish it with that driver, or `machine rm " + order.name() + "` first",
                    ExitCode.ERROR);
        }
        MachineRecord begun =
                MachineRecord.begun(
                                order.name(),
                                order.driver(),
                                known.map(MachineRecord::driverState)
                                        .orElse(new DriverState(Map.of())),
                                order.engine(),
                                order.swarm())
                        // An earlier attempt may have changed its node, which is to be undone one
                        // day.
                        .withIdentity(
                                known.map(MachineRecord::identity).orElse(Identity.unknown()));
        return known.flatMap(MachineRecord::ssh)
                .map(ssh -> begun.withSsh(ssh, List.of()))
                .orElse(begun);
    }

    private Outcome finishWithoutSsh(MachineRecord made) {
        if (made.swarm().master()) {
            certificates.make(made);
            endpoints.start(made.name());
        }
        store.save(made.withPhase(Phase.READY));
        return new Outcome(1, made.url(), List.of());
    }
}
