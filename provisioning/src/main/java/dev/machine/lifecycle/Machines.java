package dev.machine.lifecycle;

import dev.machine.cert.Authority;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.SshTarget;
import dev.machine.engine.EngineOptions;
import dev.machine.facts.FactsReader;
import dev.machine.ssh.SshConnector;
import dev.machine.step.EngineProbe;
import dev.machine.step.NodeContext;
import dev.machine.step.Pause;
import dev.machine.step.Steps;
import dev.machine.store.EngineSettings;
import dev.machine.store.MachineRecord;
import dev.machine.store.MachineRecord.Phase;
import dev.machine.store.SshAccess;
import dev.machine.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The {@link Lifecycle} over a store: takes the lock, keeps the record, lets {@link NodeRuns} do
 * the work on a node.
 */
public final class Machines implements Lifecycle {
    private final Store store;
    private final Map<String, Driver> drivers;
    private final NodeRuns nodes;
    private final Endpoints endpoints;
    private final Authority authority;
    private final EngineProbe engines;

    /**
     * @param home the user's home directory, where the usual SSH keys are
     * @param pause how waiting between two looks is done
     */
    public Machines(
            Store store,
            List<Driver> drivers,
            Endpoints endpoints,
            Path home,
            Clock clock,
            Pause pause,
            TestStop testStop) {
        this.store = store;
        this.drivers =
                drivers.stream()
                        .collect(
                                Collectors.toMap(driver -> driver.info().name(), driver -> driver));
        this.endpoints = endpoints;
        this.authority = new Authority(store, clock);
        this.engines = new EngineProbe(store);
        this.nodes =
                new NodeRuns(
                        new NodeContext.Tools(
                                store, authority, new FactsReader(clock), engines, clock, pause),
                        new NodeAccess(store, new SshConnector(pause::pause), home),
                        new StepRun(Steps.all(), testStop));
    }

    @Override
    public Outcome create(Order order, boolean dryRun, NodeProgress progress) {
        MachineName name = new MachineName(order.name());
        Driver driver = driver(order.driver());
        CreateRequest request = new CreateRequest(name, order.driverOptions());
        check(order, driver, request);
        if (dryRun) {
            return plan(order, driver, request, progress);
        }
        try (var lock = store.lock(name.value())) {
            MachineRecord record = begin(order);
            store.save(record);
            authority.ensure();
            DriverState state =
                    driver.create(
                            request,
                            saved -> store.save(record.withDriverState(saved)),
                            line -> say(progress, order.name(), line));
            MachineRecord made =
                    reachable(
                            record.withDriverState(state).withUrl(driver.url(state)),
                            driver,
                            state);
            store.save(made);
            return made.ssh().isPresent()
                    ? nodes.provision(made, order.passwords(), false, progress)
                    : finishWithoutSsh(made);
        }
    }

    private Outcome plan(Order order, Driver driver, CreateRequest request, NodeProgress progress) {
        MachineRecord record = begin(order);
        DriverState state =
                driver.create(request, saved -> {}, line -> say(progress, order.name(), line));
        MachineRecord planned = record.withDriverState(state).withUrl(driver.url(state));
        return driver.ssh(state)
                .map(target -> nodes.plan(planned, target, order.passwords(), progress))
                .orElse(new Outcome(1, planned.url(), List.of()));
    }

    /** All problems at once, before anything is saved. */
    private void check(Order order, Driver driver, CreateRequest request) {
        List<String> problems = new ArrayList<>();
        for (Problem problem : driver.check(request)) {
            problems.add(problem.option() + ": " + problem.sentence());
        }
        for (String option : order.engine().options().keySet()) {
            if (!EngineOptions.allowed(option)) {
                problems.add(
                        "--engine-opt "
                                + option
                                + ": machine sets this itself, or has a flag for it");
            }
        }
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

    /** A new record, or the one of an attempt that did not finish. */
    private MachineRecord begin(Order order) {
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
                    "machine \"" + order.name() + "\" is half removed",
                    "`machine rm " + order.name() + "` finishes that",
                    ExitCode.ERROR);
        }
        return new MachineRecord(
                order.name(),
                order.driver(),
                known.map(MachineRecord::driverState).orElse(new DriverState(Map.of())),
                Phase.CREATING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                known.flatMap(MachineRecord::ssh),
                List.of(),
                order.engine(),
                order.swarm());
    }

    private MachineRecord reachable(MachineRecord record, Driver driver, DriverState state) {
        Optional<SshTarget> target = driver.ssh(state);
        if (target.isEmpty()) {
            return record;
        }
        SshTarget ssh = target.get();
        // An earlier attempt may have installed a key of the machine's own; it is still the way in.
        Optional<String> own =
                record.ssh().flatMap(SshAccess::key).filter(key -> ssh.key().isEmpty());
        Optional<String> key =
                own.isPresent() ? own : nodes.access().adopt(record.name(), ssh.key());
        return record.withSsh(
                new SshAccess(ssh.address(), ssh.port(), ssh.user(), key, Optional.empty()),
                nodes.access().pinned(ssh));
    }

    private Outcome finishWithoutSsh(MachineRecord made) {
        if (made.swarm().master()) {
            String address = URI.create(made.url().orElseThrow()).getHost();
            authority.endpointCertificates(
                    made.name(),
                    store.machine(made.name()),
                    new LinkedHashSet<>(
                            List.of(
                                    address.replaceAll("[\\[\\]]", ""),
                                    made.name(),
                                    "localhost",
                                    "127.0.0.1")));
            endpoints.start(made.name());
        }
        store.save(made.withPhase(Phase.READY));
        return new Outcome(1, made.url(), List.of());
    }

    @Override
    public Outcome provision(
            String name,
            UnaryOperator<EngineSettings> change,
            Passwords passwords,
            boolean dryRun,
            NodeProgress progress) {
        if (dryRun) {
            MachineRecord record = store.load(name);
            return nodes.plan(
                    record.withEngine(change.apply(record.engine())),
                    nodes.access().target(record),
                    passwords,
                    progress);
        }
        store.load(name);
        try (var lock = store.lock(name)) {
            MachineRecord record = store.load(name);
            Driver driver = driver(record.driver());
            if (driver.power() instanceof Power.None) {
                throw new MachineException(
                        name + " has no node to provision: its driver is " + record.driver());
            }
            if (record.phase() == Phase.REMOVING) {
                throw new MachineException(
                        name + " is half removed",
                        "`machine rm " + name + "` finishes that",
                        ExitCode.ERROR);
            }
            authority.ensure();
            MachineRecord changed = record.withEngine(change.apply(record.engine()));
            if (changed.ssh().isEmpty()) {
                changed =
                        reachable(
                                changed.withUrl(driver.url(changed.driverState())),
                                driver,
                                changed.driverState());
            }
            if (!changed.equals(record)) {
                store.save(changed);
            }
            return nodes.provision(changed, passwords, false, progress);
        }
    }

    @Override
    public void remove(String name, boolean force, NodeProgress progress) {
        try (var lock = store.lock(name)) {
            MachineRecord record;
            try {
                record = store.load(name);
            } catch (MachineException e) {
                if (!force || e.exitCode() == ExitCode.NOT_FOUND) {
                    throw e;
                }
                store.delete(name);
                return;
            }
            store.save(record.withPhase(Phase.REMOVING));
            leaveSwarm(record);
            try {
                if (record.swarm().master()) {
                    endpoints.stop(name);
                }
                driver(record.driver()).remove(record.driverState());
            } catch (MachineException e) {
                if (!force) {
                    throw e;
                }
                say(progress, name, e.sentence());
            }
            nodes.access().forget(record);
            store.delete(name);
        }
    }

    /** First of all, so that no endpoint sends new work to a node that goes away. */
    private void leaveSwarm(MachineRecord record) {
        try {
            Files.deleteIfExists(store.memberFile(record.swarm().cluster(), record.name()));
        } catch (IOException e) {
            throw new MachineException(
                    "cannot remove the member file of " + record.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void start(String name, NodeProgress progress) {
        MachineRecord record = store.load(name);
        if (record.swarm().master()) {
            endpoints.start(name);
            return;
        }
        throw unsupported(record, "start");
    }

    @Override
    public void stop(String name, NodeProgress progress) {
        MachineRecord record = store.load(name);
        if (record.swarm().master()) {
            endpoints.stop(name);
            return;
        }
        throw unsupported(record, "stop");
    }

    @Override
    public void restart(String name, NodeProgress progress) {
        MachineRecord record = store.load(name);
        if (record.swarm().master()) {
            endpoints.stop(name);
            endpoints.start(name);
        } else if (driver(record.driver()).power() instanceof Power.OverSsh) {
            try (var lock = store.lock(name)) {
                nodes.reboot(record, progress);
            }
        } else {
            throw unsupported(record, "restart");
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

    @Override
    public State state(String name, Duration deadline) {
        MachineRecord record = store.load(name);
        if (record.swarm().master()) {
            return new State(
                    endpoints.running(name) ? "Running" : "Stopped",
                    Optional.empty(),
                    Optional.empty());
        }
        if (record.url().isEmpty()) {
            return new State("", Optional.empty(), unfinished(record));
        }
        try {
            String version =
                    engines.ask(record.url().get(), "/version", deadline).path("Version").asText();
            return new State("Running", Optional.of(version), unfinished(record));
        } catch (IOException e) {
            Optional<String> half = unfinished(record);
            return new State(
                    "Unreachable",
                    Optional.empty(),
                    half.isPresent() ? half : Optional.ofNullable(e.getMessage()));
        }
    }

    private static Optional<String> unfinished(MachineRecord record) {
        return switch (record.phase()) {
            case READY -> Optional.empty();
            case FAILED ->
                    Optional.of(
                            "failed at \""
                                    + record.failedStep().orElse("?")
                                    + "\": machine provision "
                                    + record.name());
            case CREATING -> Optional.of("not finished: machine provision " + record.name());
            case REMOVING -> Optional.of("half removed: machine rm " + record.name());
        };
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

    private static void say(NodeProgress progress, String node, String line) {
        progress.event(new NodeProgress.Note(node, "create", line));
    }
}
