package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.DaemonConfig;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.engine.OwnerOptions;
import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.FileWrite;
import dev.machine.provisioning.node.LiveRestore;
import dev.machine.provisioning.node.ManagedFile;
import dev.machine.provisioning.node.NodeSnapshot;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.Change.Effect;
import dev.machine.template.Templates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes daemon.json and, under systemd, the drop-in that removes {@code -H} from the command line.
 * To keep running containers, live-restore is written alone and read by SIGHUP first: an engine
 * that is restarted while it turns live-restore on still stops them.
 */
public final class ConfigureEngine implements Step {
    public static final StepId ID = new StepId("configure engine");

    /** What a running engine reads by SIGHUP (moby's daemon/reload.go; measured on 20.10). */
    private static final Set<String> TAKEN_BY_SIGNAL =
            Set.of("labels", "registry-mirrors", "insecure-registries", "live-restore", "debug");

    private static final String KEEP_DAEMON_JSON =
            """
            daemon={}; kept=/etc/docker/machine/daemon.before
            rm -f "$kept"; if [ -f "$daemon" ]; then cp "$daemon" "$kept"; fi
            """;

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        Change change = difference(node);
        if (!change.isNone()) {
            if (takenBySignal(node, change)) {
                List<String> lines = new ArrayList<>(change.lines());
                lines.add("let the running engine take it up, without a restart");
                return new Change(lines, change.files(), Set.of(Effect.RELOAD));
            }
            node.needRestart();
        }
        return change;
    }

    /**
     * The difference between the node's files and the wanted ones.
     *
     * @throws MachineException if the node's own files cannot be merged with ours
     */
    static Change difference(NodeContext node) {
        Facts facts = node.facts();
        boolean units = ServiceManager.of(facts).hasUnits();
        OwnerOptions found = found(node);
        DaemonConfig config = merged(node, found);
        List<String> lines = new ArrayList<>();
        List<FileWrite> files = new ArrayList<>();
        if (!config.changedKeys().isEmpty()) {
            lines.add("set " + String.join(", ", config.diff()) + " in " + EngineFiles.DAEMON_JSON);
        }
        found.defaultFile()
                .ifPresent(
                        content -> {
                            lines.add("move options out of " + EngineFiles.DEFAULT);
                            files.add(new FileWrite(ManagedFile.DEFAULT, content));
                        });
        if (units) {
            String dropIn = Templates.render("10-machine.conf", Map.of("command", found.command()));
            if (!facts.file("dropin").equals(Optional.of(dropIn))) {
                lines.add("write " + EngineFiles.DROP_IN);
                files.add(new FileWrite(ManagedFile.DROP_IN, dropIn));
            }
        }
        if (!config.changedKeys().isEmpty()) {
            // Written after the files that remove the same options from the command line: a run may
            // be interrupted.
            files.add(new FileWrite(ManagedFile.DAEMON_JSON, config.content()));
        }
        boolean managedDiffers = !facts.file("managed.json").equals(Optional.of(config.managed()));
        if (managedDiffers) {
            lines.add("write " + EngineFiles.MANAGED);
            // Last, so that an interrupted run still knows what was set before.
            files.add(new FileWrite(ManagedFile.MANAGED, config.managed()));
        }
        return new Change(lines, files);
    }

    private static OwnerOptions found(NodeContext node) {
        Facts facts = node.facts();
        return OwnerOptions.of(
                facts.unit(),
                ServiceManager.of(facts).hasUnits(),
                facts.file("default"),
                node.packages().command(node.packagePlan().packages()));
    }

    /** The daemon.json that the node must have. */
    static DaemonConfig merged(NodeContext node) {
        return merged(node, found(node));
    }

    private static DaemonConfig merged(NodeContext node, OwnerOptions found) {
        Facts facts = node.facts();
        boolean swarmMode = facts.find("engine.swarm").isPresent();
        return DaemonConfig.merge(
                facts.file("daemon.json"),
                found,
                facts.file("managed.json"),
                node.daemonSpec(),
                !swarmMode);
    }

    /** Whether a signal is enough for all keys that differ. */
    private static boolean takenBySignal(NodeContext node, Change change) {
        Facts facts = node.facts();
        return facts.engineRuns()
                && !node.restartNeeded()
                && change.files().stream()
                        .allMatch(
                                file ->
                                        file.file() == ManagedFile.DAEMON_JSON
                                                || file.file() == ManagedFile.MANAGED)
                && TAKEN_BY_SIGNAL.containsAll(
                        DaemonConfig.changedKeys(
                                facts.file("daemon.json"),
                                change.files().stream()
                                        .filter(it -> it.file() == ManagedFile.DAEMON_JSON)
                                        .map(FileWrite::content)
                                        .findFirst()));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Facts facts = node.facts();
        Script script = NodeSnapshot.remember(new Script(), node.factsBefore());
        boolean signal = change.does(Effect.RELOAD);
        if (facts.engineRuns() && facts.runningContainers() > 0 && !signal) {
            keepContainers(node, script);
        }
        script.run("touch {}", EngineFiles.RESTART_PENDING);
        change.files().forEach(file -> file.addTo(script));
        ScriptResult result = node.shell().asRoot(script);
        if (result.status() != 0) {
            throw new MachineException(
                    "the engine's configuration could not be written: " + result.lastWords(),
                    "its containers and its old configuration are as they were",
                    ExitCode.ERROR);
        }
        if (signal) {
            reload(node);
        }
    }

    /** If the engine does not read it, the next step restarts it. */
    private static void reload(NodeContext node) {
        Script hangUp = new Script().run(EngineShell.FUNCTIONS).run("kill -HUP \"$(engine_pid)\"");
        if (node.shell().asRoot(hangUp).status() == 0 && VerifyEngine.settles(node)) {
            Script done = new Script().run("rm -f {}", EngineFiles.RESTART_PENDING);
            node.shell().asRoot(done);
        } else {
            node.needRestart();
        }
    }

    private static void keepContainers(NodeContext node, Script script) {
        Facts facts = node.facts();
        if (facts.find("engine.swarm").isPresent()) {
            // needRestart() has checked the permission.
            return;
        }
        boolean certain =
                node.permissions().restartContainers()
                        || (facts.find("engine.answers").isEmpty()
                                && LiveRestore.isSeenFromHere(
                                        node.tools().engines(), node.record().url().orElseThrow()));
        script.run(LiveRestore.functions(ServiceManager.of(facts)))
                .run(KEEP_DAEMON_JSON, EngineFiles.DAEMON_JSON);
        ManagedFile.DAEMON_JSON.write(
                script,
                DaemonConfig.withLiveRestore(facts.file("daemon.json"), true)
                        .getBytes(StandardCharsets.UTF_8));
        script.include(ConfigureEngine.class, "keep-containers.sh", Boolean.toString(certain));
    }
}
