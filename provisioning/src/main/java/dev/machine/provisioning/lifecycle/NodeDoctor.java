package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.doctor.Finding.Level;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.step.ValidateFacts;
import dev.machine.provisioning.store.MachineRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Examines one machine over SSH, or only its engine if it has no SSH. */
final class NodeDoctor {
    private static final Duration ENGINE_TIMEOUT = Duration.ofSeconds(10);

    private final NodeProvisioner nodes;
    private final Endpoints endpoints;
    private final EngineProbe engines;

    NodeDoctor(NodeProvisioner nodes, Endpoints endpoints, EngineProbe engines) {
        this.nodes = nodes;
        this.endpoints = endpoints;
        this.engines = engines;
    }

    List<Finding> examine(MachineRecord record, RunOptions options) {
        if (record.swarm().master()) {
            return endpoint(record);
        }
        if (record.ssh().isEmpty()) {
            return record.url().isPresent() ? engine(record) : List.of();
        }
        List<Finding> notes = new ArrayList<>();
        try {
            List<Finding> found =
                    nodes.examine(record, options, event -> note(record.name(), event, notes));
            List<Finding> all = new ArrayList<>(found);
            all.addAll(notes);
            return all;
        } catch (MachineException e) {
            return List.of(unreached(record, e));
        }
    }

    private static void note(String name, NodeProgress.Event event, List<Finding> notes) {
        if (event instanceof NodeProgress.Note(String node, StepId step, String message)
                && !step.equals(StepId.CONNECT)) {
            boolean fact = step.equals(ValidateFacts.ID);
            notes.add(
                    new Finding(
                            name,
                            fact ? "node" : "engine",
                            fact ? Level.WARNING : Level.NOTE,
                            message,
                            fact ? "machine ssh " + name : ""));
        }
    }

    private Finding unreached(MachineRecord record, MachineException error) {
        if (error.exitCode() == ExitCode.HOST_KEY_CHANGED) {
            return Finding.of(record.name(), "host-key", error);
        }
        if (error.exitCode() != ExitCode.UNREACHABLE) {
            return Finding.of(record.name(), "node", error);
        }
        Finding ssh = Finding.of(record.name(), "ssh", error);
        return answers(record)
                ? Finding.error(
                        ssh.machine(),
                        ssh.check(),
                        ssh.sentence() + "; its engine answers",
                        ssh.cure())
                : Finding.error(
                        ssh.machine(),
                        "node",
                        ssh.sentence() + "; its engine does not answer either",
                        ssh.cure());
    }

    private boolean answers(MachineRecord record) {
        return record.url().isPresent() && engine(record).isEmpty();
    }

    private List<Finding> engine(MachineRecord record) {
        String url = record.url().orElseThrow();
        try {
            engines.ask(url, "/version", ENGINE_TIMEOUT);
            return List.of();
        } catch (IOException e) {
            return List.of(
                    Finding.error(
                            record.name(),
                            "engine",
                            "the engine at %s does not answer: %s".formatted(url, e.getMessage()),
                            "start it where it runs"));
        }
    }

    private List<Finding> endpoint(MachineRecord record) {
        if (!endpoints.running(record.name())) {
            return List.of(
                    new Finding(
                            record.name(),
                            "endpoint",
                            Level.NOTE,
                            "the endpoint is stopped",
                            "machine start " + record.name()));
        }
        return engine(record).stream()
                .map(
                        it ->
                                Finding.error(
                                        it.machine(),
                                        "endpoint",
                                        it.sentence(),
                                        "machine restart " + record.name()))
                .toList();
    }
}
