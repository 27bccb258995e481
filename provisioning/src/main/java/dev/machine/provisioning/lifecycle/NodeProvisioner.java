package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Poll;
import dev.machine.driver.SshOptions;
import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.doctor.NodeExamination;
import dev.machine.provisioning.lifecycle.StepRunner.StepFailed;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.RootRefused;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.NodeContext.Tools;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.NodeProof;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Works on one node: runs or plans the steps, examines, reboots. The caller holds the machine's
 * lock.
 */
final class NodeProvisioner {
    private static final Duration REBOOT_BEGIN_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REBOOT_END_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final Tools tools;
    private final NodeAccess access;
    private final Supplier<StepRunner> steps;

    NodeProvisioner(Tools tools, NodeAccess access, Supplier<StepRunner> steps) {
        this.tools = tools;
        this.access = access;
        this.steps = steps;
    }

    /** The same for other steps. */
    NodeProvisioner with(Supplier<StepRunner> others) {
        return new NodeProvisioner(tools, access, others);
    }

    NodeAccess access() {
        return access;
    }

    Lifecycle.Outcome plan(
            MachineRecord record, SshTarget target, RunOptions options, NodeProgress progress) {
        try (NodeContext node =
                open(record, target, options, true, NodeAccess.REACH_TIMEOUT, progress)) {
            return new Lifecycle.Outcome(
                    steps.get().run(node, true, progress), record.url(), List.of());
        }
    }

    /**
     * @param patience how long to wait until the node can be reached
     */
    Lifecycle.Outcome provision(
            MachineRecord record, RunOptions options, NodeProgress progress, Duration patience) {
        MachineRecord latest = record;
        try (NodeContext node =
                open(record, access.target(record), options, false, patience, progress)) {
            try {
                int changes = steps.get().run(node, false, progress);
                MachineRecord done =
                        node.record()
                                .withSsh(
                                        node.record().ssh().orElseThrow(),
                                        access.pins().pinned(access.target(node.record())))
                                .withPhase(Phase.READY);
                if (!done.equals(record)) {
                    tools.store().save(done);
                }
                return new Lifecycle.Outcome(changes, done.url(), List.of());
            } finally {
                latest = node.record();
            }
        } catch (StepFailed e) {
            tools.store().save(latest.failedAt(e.step()));
            throw e;
        } catch (MachineException e) {
            if (latest.phase() != Phase.READY) {
                tools.store().save(latest.failedAt(StepId.CONNECT.title()));
            }
            throw e;
        }
    }

    /** Runs the steps that undo others; the record in the store says how far they came. */
    void undo(MachineRecord record, RunOptions options, NodeProgress progress) {
        try (NodeContext node =
                open(
                        record,
                        access.target(record),
                        options,
                        false,
                        NodeAccess.REACH_TIMEOUT,
                        progress)) {
            steps.get().run(node, false, progress);
        }
    }

    /** Finds the problems of a node; changes nothing. */
    List<Finding> examine(MachineRecord record, RunOptions options, NodeProgress progress) {
        try (NodeContext node =
                open(
                        record,
                        access.target(record),
                        options,
                        true,
                        NodeAccess.EXAMINE_TIMEOUT,
                        progress)) {
            return NodeExamination.of(node);
        }
    }

    /** Reboots a node and returns when its engine answers again. */
    void reboot(MachineRecord record, NodeProgress progress) {
        try (NodeContext node =
                open(
                        record,
                        access.target(record),
                        RunOptions.UNATTENDED,
                        true,
                        NodeAccess.REACH_TIMEOUT,
                        progress)) {
            NodeProof.require(node);
            node.reboot();
        }
        awaitReboot(record);
    }

    /** Whether its engine answers now. */
    boolean answers(MachineRecord record) {
        return access.engines(record, tools.engines())
                .answers(record.url().orElseThrow(), ANSWER_TIMEOUT);
    }

    /** Returns when the engine of a node that reboots, and answered before that, answers again. */
    void awaitReboot(MachineRecord record) {
        until(record, false, REBOOT_BEGIN_TIMEOUT, "restart");
        until(record, true, REBOOT_END_TIMEOUT, "restart");
    }

    /** Returns when the engine of a node that was switched on answers. */
    void awaitEngine(MachineRecord record) {
        until(record, true, REBOOT_END_TIMEOUT, "start");
    }

    private void until(MachineRecord record, boolean up, Duration deadline, String asked) {
        boolean reached =
                Poll.steady(tools.pause())
                        .until(deadline, POLL_INTERVAL, () -> answers(record) == up);
        if (!reached) {
            throw new MachineException(
                    "the engine at %s %s %d s after the %s was asked for"
                            .formatted(
                                    record.url().orElseThrow(),
                                    up ? "does not answer" : "still answers",
                                    deadline.toSeconds(),
                                    asked),
                    "`machine status " + record.name() + "` asks again",
                    ExitCode.UNREACHABLE);
        }
    }

    private NodeContext open(
            MachineRecord record,
            SshTarget target,
            RunOptions options,
            boolean dryRun,
            Duration patience,
            NodeProgress progress) {
        String who = target.login();
        return new NodeContext(
                tools.with(access.engines(record, tools.engines())),
                record,
                target,
                URI.create(record.url().orElseThrow()).getPort(),
                () ->
                        options.passwords()
                                .sudo(who)
                                .orElseThrow(
                                        () ->
                                                new RootRefused(
                                                        "sudo on "
                                                                + target.address()
                                                                + " asks for the password of "
                                                                + target.user(),
                                                        "give it with --sudo-passwd-stdin")),
                options.permissions(),
                to -> connect(to, options, dryRun, patience, record, progress),
                progress,
                dryRun);
    }

    private static String keyHint(MachineRecord record) {
        return SshOptions.typed(record.driverState()).isPresent()
                ? "name a key with --%1$s-ssh-key, a user with --%1$s-ssh-user, or give a password with --%1$s-ssh-passwd-stdin"
                        .formatted(record.driver())
                : "`machine create -d %s --help` lists the options for keys and users"
                        .formatted(record.driver());
    }

    private NodeShell connect(
            SshTarget to,
            RunOptions options,
            boolean dryRun,
            Duration patience,
            MachineRecord record,
            NodeProgress progress) {
        return access.connect(
                to,
                keyHint(record),
                options.passwords(),
                !dryRun,
                patience,
                line -> progress.event(new NodeProgress.Note(record.name(), StepId.CONNECT, line)));
    }
}
