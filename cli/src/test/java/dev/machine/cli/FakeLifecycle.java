package dev.machine.cli;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A lifecycle that remembers what it was asked and fails where it is told to. */
final class FakeLifecycle implements Lifecycle {
    final List<CreateOrder> orders = Collections.synchronizedList(new ArrayList<>());
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final Map<String, State> states = new HashMap<>();
    final Map<String, List<Finding>> findings = new HashMap<>();
    final Set<String> unreachable = new HashSet<>();
    final Set<String> hanging = new HashSet<>();
    final List<String> passwords = Collections.synchronizedList(new ArrayList<>());
    EngineSettings provisioned = EngineSettings.defaults();
    private final Store store;

    FakeLifecycle(Store store) {
        this.store = store;
    }

    @Override
    public Outcome create(CreateOrder order, boolean dryRun, NodeProgress progress) {
        orders.add(order);
        calls.add((dryRun ? "plan " : "create ") + order.name());
        order.run()
                .passwords()
                .ssh("root@" + order.name())
                .map(String::new)
                .ifPresent(passwords::add);
        order.run()
                .passwords()
                .sudo("root@" + order.name())
                .map(String::new)
                .ifPresent(passwords::add);
        progress.event(
                new NodeProgress.Planned(
                        order.name(), new StepId("install engine"), List.of("docker.io")));
        refuse(order.name(), progress);
        progress.event(new NodeProgress.Applying(order.name(), new StepId("install engine")));
        progress.event(new NodeProgress.Applied(order.name(), new StepId("install engine")));
        return new Outcome(1, Optional.of("tcp://10.0.0.1:2376"), List.of());
    }

    @Override
    public Outcome provision(
            String name,
            UnaryOperator<EngineSettings> change,
            RunOptions given,
            boolean dryRun,
            NodeProgress progress) {
        calls.add("provision " + name);
        provisioned = change.apply(store.load(name).engine());
        return new Outcome(0, Optional.of("tcp://10.0.0.1:2376"), List.of());
    }

    @Override
    public Outcome renewCertificates(String name, RunOptions given, NodeProgress progress) {
        calls.add("regenerate-certs " + name);
        given.passwords().ssh("root@" + name).map(String::new).ifPresent(passwords::add);
        return new Outcome(1, Optional.empty(), List.of());
    }

    @Override
    public Outcome followCa(String name, RunOptions given, NodeProgress progress) {
        calls.add("follow-ca " + name);
        refuse(name, progress);
        return new Outcome(1, Optional.empty(), List.of());
    }

    @Override
    public void remove(String name, Removal how, NodeProgress progress) {
        calls.add((how.force() ? "rm -f " : "rm ") + (how.purge() ? "--purge " : "") + name);
    }

    @Override
    public List<Finding> examine(String name, RunOptions given) {
        if (unreachable.contains(name)) {
            throw new MachineException("no route to " + name, "check", ExitCode.UNREACHABLE);
        }
        return findings.getOrDefault(name, List.of());
    }

    @Override
    public void start(String name, NodeProgress progress) {
        calls.add("start " + name);
    }

    @Override
    public void stop(String name, NodeProgress progress) {
        calls.add("stop " + name);
    }

    @Override
    public void restart(String name, NodeProgress progress) {
        calls.add("restart " + name);
    }

    @Override
    public void kill(String name, NodeProgress progress) {
        calls.add("kill " + name);
    }

    @Override
    public EngineProbe engines(MachineRecord machine) {
        return new EngineProbe(store);
    }

    @Override
    public State state(String name, Duration deadline) {
        if (hanging.contains(name)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return states.getOrDefault(
                name, new State("Running", Optional.of("20.10.24+dfsg1"), Optional.empty()));
    }

    private void refuse(String name, NodeProgress progress) {
        if (unreachable.contains(name)) {
            progress.event(
                    new NodeProgress.Failed(
                            name, new StepId("install engine"), "no route to " + name));
            throw new MachineException(
                    "no route to " + name, "check its cable", ExitCode.UNREACHABLE);
        }
    }
}
