package dev.machine.provisioning.undo;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.DaemonUndo;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.LiveRestore;
import dev.machine.provisioning.node.RestoreScript;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restores files, folders and the service. An engine that stays is restarted with its old
 * configuration, while its containers keep running ({@link
 * dev.machine.provisioning.node.KeptRestart}).
 */
final class RestoreFiles implements Step {
    private static final StepId ID = new StepId("restore files");

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String HERE = "/etc/docker/machine";

    private final UndoSteps undo;

    RestoreFiles(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        if (!before.known()) {
            return Change.none();
        }
        List<String> lines = new ArrayList<>();
        lines.add("put the files of /etc/docker back as they were");
        if (!before.engineGoes()) {
            lines.add((before.wasActive() ? "restart" : "stop") + " the engine without them");
            Optional<String> stopped = node.facts().stoppedByRestart();
            if (stopped.isPresent()) {
                throw new MachineException(
                        stopped.get() + ": a restart would stop what runs",
                        "stop them first, or leave swarm mode (docker swarm leave)",
                        ExitCode.ERROR);
            }
        }
        return new Change(lines, List.of());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        SnapshotReader before = undo.before(node);
        ServiceManager services = ServiceManager.of(node.facts());
        Script script = RestoreScript.functions(node.facts());
        if (before.engineGoes()) {
            RestoreScript.everything(script);
            script.run("rmdir /etc/systemd/system/docker.service.d 2>/dev/null || true")
                    .include(RestoreFiles.class, "sweep.sh")
                    .run(services.reloadFiles());
        } else {
            restart(node, before, script);
            RestoreScript.afterRestart(script);
            if (!before.wasEnabled()) {
                script.run(services.disable());
            }
        }
        ScriptResult result =
                node.shell().asRoot(script.include(RestoreFiles.class, "last.sh"), DEADLINE);
        if (!result.err().isBlank()) {
            node.note(result.lastWords());
        }
        if (result.status() != 0) {
            throw new MachineException(
                    "the node could not be put back as it was: " + result.lastWords(),
                    "`machine rm --purge " + node.record().name() + "` goes on from here",
                    ExitCode.ERROR);
        }
    }

    private static void restart(NodeContext node, SnapshotReader before, Script script) {
        Facts facts = node.facts();
        Optional<String> merged =
                DaemonUndo.of(
                                facts.file("daemon.json"),
                                facts.file("managed.json"),
                                before.daemonJson())
                        .content();
        merged.ifPresent(content -> write(script, HERE + "/merged.json", content));
        if (merged.isPresent()) {
            node.note("daemon.json keeps what somebody else set there meanwhile");
        }
        RestoreScript.restart(
                script,
                facts,
                before,
                merged.isPresent() ? merged : before.daemonJson(),
                () ->
                        LiveRestore.isSeenFromHere(
                                node.tools().engines(), node.record().url().orElseThrow()));
    }

    private static void write(Script script, String file, String content) {
        script.write(file, content.getBytes(StandardCharsets.UTF_8), "0644");
    }
}
