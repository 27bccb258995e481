package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pause;
import dev.machine.driver.Driver;
import dev.machine.driver.Power;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.facts.FactsReader;
import dev.machine.provisioning.lifecycle.StepRunner.StepFailed;
import dev.machine.provisioning.node.FactsScript;
import dev.machine.provisioning.ssh.SshConnector;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.Steps;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.undo.UndoSteps;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The {@link Lifecycle} over a store: takes the locks, saves the records, and lets {@link
 * NodeProvisioner} work on the nodes.
 */
public final class Machines implements Lifecycle {
    private final Store store;
    private final Map<String, Driver> drivers;
    private final NodeProvisioner nodes;
    private final NodeProvisioner renewing;
    private final Authority authority;
    private final EndpointCertificates certificates;
    private final EngineProbe engines;
    private final Reachability reachability;
    private final MachineCreation creation;
    private final PowerControl power;
    private final MachineRemoval removal;
    private final NodeDoctor doctor;
    private final MachineStates states;

    /**
     * @param user the user's SSH keys and configuration
     * @param pause how to wait between two attempts
     * @param lockWait how long to wait for the package lock of another process on a node
     */
    public Machines(
            Store store,
            List<Driver> drivers,
            Endpoints endpoints,
            UserSsh user,
            Clock clock,
            Pause pause,
            Duration lockWait,
            TestStop testStop) {
        this.store = store;
        this.drivers =
                drivers.stream()
                        .collect(
                                Collectors.toMap(driver -> driver.info().name(), driver -> driver));
        this.authority = new Authority(store, clock);
        this.engines = new EngineProbe(store);
        this.nodes =
                new NodeProvisioner(
                        new NodeContext.Tools(
                                store,
                                authority,
                                new FactsReader(clock, FactsScript.text()),
                                engines,
                                clock,
                                pause,
                                lockWait),
                        new NodeAccess(store, new SshConnector(pause, user), user),
                        () -> new StepRunner(Steps.all(), testStop));
        this.renewing = nodes.with(() -> new StepRunner(Steps.withNewCertificates(), testStop));
        this.certificates = new EndpointCertificates(store, authority);
        this.reachability = new Reachability(nodes.access());
        this.creation =
                new MachineCreation(store, nodes, reachability, endpoints, authority, certificates);
        this.power = new PowerControl(store, this::driver, endpoints, nodes);
        this.states = new MachineStates(store, power, endpoints, this::engines, clock);
        this.doctor = new NodeDoctor(nodes, endpoints, engines);
        this.removal =
                new MachineRemoval(
                        store,
                        this::driver,
                        endpoints,
                        nodes.with(() -> new StepRunner(UndoSteps.all(), testStop)));
    }

    @Override
    public Outcome create(CreateOrder order, boolean dryRun, NodeProgress progress) {
        return creation.create(order, driver(order.driver()), dryRun, progress);
    }

    @Override
    public Outcome provision(
            String name,
            UnaryOperator<EngineSettings> change,
            RunOptions options,
            boolean dryRun,
            NodeProgress progress) {
        if (dryRun) {
            MachineRecord changed = changed(store.load(name), change);
            MachineRecord planned =
                    changed.ssh().isPresent()
                            ? changed
                            : reachability.plan(changed, driver(changed.driver()), progress);
            return nodes.plan(planned, nodes.access().target(planned), options, progress);
        }
        return provision(nodes, name, change, options, progress);
    }

    private Outcome provision(
            NodeProvisioner runs,
            String name,
            UnaryOperator<EngineSettings> change,
            RunOptions options,
            NodeProgress progress) {
        store.load(name);
        try (var lock = store.lock(name)) {
            MachineRecord record = store.load(name);
            MachineRecord changed = changed(record, change);
            authority.ensure();
            if (changed.ssh().isEmpty()) {
                changed = reachability.resolve(changed, driver(changed.driver()), progress);
            }
            if (!changed.equals(record)) {
                // Saved before the node is changed, so that the next run completes an interrupted
                // one.
                store.save(changed);
            }
            try {
                return runs.provision(changed, options, progress, NodeAccess.REACH_TIMEOUT);
            } catch (StepFailed e) {
                if (e.refused() && record.phase() == Phase.READY && !changed.equals(record)) {
                    // The node was not changed, and the next run must not fail at this again.
                    store.save(record);
                }
                throw e;
            }
        }
    }

    /** The record with the change, if its node can be provisioned. */
    private MachineRecord changed(MachineRecord record, UnaryOperator<EngineSettings> change) {
        Driver driver = driver(record.driver());
        if (driver.power() instanceof Power.None) {
            throw new MachineException(
                    record.name() + " has no node to provision: its driver is " + record.driver());
        }
        if (record.phase() == Phase.REMOVING) {
            throw new MachineException(
                    record.name() + " was not removed completely",
                    "`machine rm " + record.name() + "` finishes that",
                    ExitCode.ERROR);
        }
        MachineRecord changed = record.withEngine(change.apply(record.engine()));
        MachineCreation.refuseOurOwnOptions(changed.engine());
        if (changed.ssh().isEmpty() && driver.power() instanceof Power.ByApi) {
            throw new MachineException(
                    record.name() + " is not made yet",
                    "type its `machine create` again: it continues from there",
                    ExitCode.ERROR);
        }
        return changed;
    }

    @Override
    public Outcome renewCertificates(String name, RunOptions options, NodeProgress progress) {
        return store.load(name).swarm().master()
                ? certificates.renew(name)
                : provision(renewing, name, UnaryOperator.identity(), options, progress);
    }

    @Override
    public Outcome followCa(String name, RunOptions options, NodeProgress progress) {
        return store.load(name).swarm().master()
                ? certificates.ensure(name)
                : provision(nodes, name, UnaryOperator.identity(), options, progress);
    }

    @Override
    public void remove(String name, Removal how, NodeProgress progress) {
        removal.remove(name, how, progress);
    }

    @Override
    public List<Finding> examine(String name, RunOptions options) {
        return doctor.examine(store.load(name), options);
    }

    @Override
    public void start(String name, NodeProgress progress) {
        power.start(store.load(name));
    }

    @Override
    public void stop(String name, NodeProgress progress) {
        power.stop(store.load(name));
    }

    @Override
    public void restart(String name, NodeProgress progress) {
        power.restart(store.load(name), progress);
    }

    @Override
    public void kill(String name, NodeProgress progress) {
        power.kill(store.load(name));
    }

    @Override
    public EngineProbe engines(MachineRecord machine) {
        return nodes.access().engines(machine, engines);
    }

    @Override
    public State state(String name, Duration deadline) {
        return states.of(store.load(name), deadline);
    }

    private Driver driver(String name) {
        Driver driver = drivers.get(name);
        if (driver == null) {
            throw new MachineException(
                    "there is no driver \"" + name + "\"",
                    "drivers: "
                            + drivers.keySet().stream().sorted().collect(Collectors.joining(", ")),
                    ExitCode.USAGE);
        }
        return driver;
    }
}
