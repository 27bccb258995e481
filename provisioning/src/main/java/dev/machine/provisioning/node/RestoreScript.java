package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.ManagedFile.PutBack;
import dev.machine.provisioning.ssh.Script;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Shell that restores the files that {@link NodeSnapshot} kept. */
public final class RestoreScript {
    private RestoreScript() {}

    /** Starts a script that can restore files. */
    public static Script functions(Facts facts) {
        return new Script()
                .placing()
                .include(
                        RestoreScript.class,
                        "restore.sh",
                        EngineFiles.ORIGINAL,
                        EngineFiles.DAEMON_JSON)
                .run(LiveRestore.functions(ServiceManager.of(facts)));
    }

    /**
     * Adds shell that restores the files that an adopted engine reads, and restarts it.
     *
     * @param script made by {@link #functions}
     * @param daemonJson the final daemon.json; empty if there must be none
     * @param seenLive whether the engine says over TLS that live-restore is on; called only if the
     *     engine cannot be asked on the node
     */
    public static void restart(
            Script script,
            Facts facts,
            SnapshotReader before,
            Optional<String> daemonJson,
            BooleanSupplier seenLive) {
        boolean keep = facts.runningContainers() > 0 && facts.find("engine.swarm").isEmpty();
        boolean asked = !keep || !facts.engineRuns() || facts.find("engine.answers").isPresent();
        new KeptRestart(
                        daemonJson,
                        keep,
                        !asked && seenLive.getAsBoolean(),
                        before.wasActive(),
                        ServiceManager.of(facts))
                .addTo(
                        script,
                        it -> it.run("final"),
                        it -> {
                            back(it, ManagedFile.putBack(PutBack.BEFORE_RESTART));
                            it.run(
                                    "rmdir /etc/systemd/system/docker.service.d 2>/dev/null || true");
                        });
    }

    /** Adds shell that restores the files that an engine does not read. */
    public static void afterRestart(Script script) {
        back(script, ManagedFile.putBack(PutBack.AFTER_RESTART));
    }

    /** Adds shell that restores all files, for a node whose engine is removed. */
    public static void everything(Script script) {
        back(script, ManagedFile.kept());
    }

    private static void back(Script script, List<String> files) {
        files.forEach(file -> script.run("back {}", file));
    }
}
