package dev.machine.provisioning.step;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.KeptRestart;
import dev.machine.provisioning.node.LiveRestore;
import dev.machine.provisioning.node.ManagedFile;
import dev.machine.provisioning.node.RestoreScript;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.store.MachineRecord;
import java.time.Duration;
import java.util.Optional;

/**
 * Restores the engine's configuration from before a run that failed, while its containers keep
 * running: the owner's files if the machine never was ready, else the files of the last run.
 */
final class RollBack {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private RollBack() {}

    /** Returns whether it was restored; a failure becomes a note. */
    static boolean of(NodeContext node) {
        Optional<SnapshotReader> owners =
                node.record().phase() == MachineRecord.Phase.READY
                        ? Optional.empty()
                        : Optional.of(SnapshotReader.read(node.shell(), node.facts()))
                                .filter(SnapshotReader::known);
        Script script =
                owners.map(before -> toTheOwners(node, before)).orElseGet(() -> toTheLastRun(node));
        script.run("rm -f {}", EngineFiles.RESTART_PENDING);
        ScriptResult result = node.shell().asRoot(script, DEADLINE);
        if (result.status() != 0) {
            node.note("the old configuration could not be put back: " + result.lastWords());
        }
        return result.status() == 0;
    }

    private static Script toTheOwners(NodeContext node, SnapshotReader before) {
        Script script = RestoreScript.functions(node.facts());
        RestoreScript.restart(
                script,
                node.facts(),
                before,
                before.daemonJson(),
                () ->
                        LiveRestore.isSeenFromHere(
                                node.tools().engines(), node.record().url().orElseThrow()));
        return script.run("rm -f {} {} /run/machine-undone", EngineFiles.MANAGED, EngineFiles.PAIR);
    }

    private static Script toTheLastRun(NodeContext node) {
        Facts before = node.factsBefore();
        ServiceManager services = ServiceManager.of(before);
        Script script = new Script().run(LiveRestore.functions(services));
        new KeptRestart(
                        before.file("daemon.json"),
                        before.runningContainers() > 0 && before.find("engine.swarm").isEmpty(),
                        false,
                        true,
                        services)
                .addTo(
                        script,
                        it -> putBack(it, ManagedFile.DAEMON_JSON, before.bytes("daemon.json")),
                        it -> {
                            putBack(it, ManagedFile.MANAGED, before.bytes("managed.json"));
                            putBack(it, ManagedFile.DEFAULT, before.bytes("default"));
                            if (services.hasUnits()) {
                                putBack(it, ManagedFile.DROP_IN, before.bytes("dropin"));
                            }
                        });
        return script.run("rm -f /run/machine-undone");
    }

    private static void putBack(Script script, ManagedFile file, Optional<byte[]> content) {
        if (content.isPresent()) {
            file.write(script, content.get());
        } else {
            script.run("rm -f {}", file.path());
        }
    }
}
