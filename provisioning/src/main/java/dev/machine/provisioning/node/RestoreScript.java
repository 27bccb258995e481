package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.ManagedFile.PutBack;
import dev.machine.provisioning.ssh.Script;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Shell that puts files of a node back as {@link NodeSnapshot} kept them. */
public final class RestoreScript {
    /** {@code back FILE} puts one file as it was, or away; {@code final} does it to daemon.json. */
    static final String FUNCTIONS =
            """
            original={}; here=/etc/docker/machine; daemon={}
            # A link that is gone, or that something took the place of; one that leads elsewhere by now is the owner's.
            relink() {
                was=$(sed -n "s#^$1 ##p" "$original/links" 2>/dev/null); [ -n "$was" ] || return 0
                if [ -L "$1" ] || { [ -d "$1" ] && ! rmdir "$1" 2>/dev/null; }; then return 0; fi
                rm -f "$1"; ln -s "$was" "$1"
            }
            # One file as it was, or away.
            back() { relink "$1"; if [ -f "$original/files$1" ]; then restore "$original/files$1" "$1"; else rm -f "$1"; fi; }
            final() { if [ -f "$here/merged.json" ]; then place "$daemon" 0644 <"$here/merged.json"; else back "$daemon"; fi; }
            """;

    private RestoreScript() {}

    /** A script that can put files back. */
    public static Script functions(Facts facts) {
        return new Script()
                .placing()
                .run(FUNCTIONS, EngineFiles.ORIGINAL, EngineFiles.DAEMON_JSON)
                .run(LiveRestore.functions(ServiceManager.of(facts)));
    }

    /**
     * Adds shell that puts back what an adopted engine reads, and has it read that.
     *
     * @param script made by {@link #functions}
     * @param daemonJson what daemon.json shall say; empty if there shall be none
     * @param seenLive whether the engine says over TLS that live-restore is on; asked only where
     *     nobody on the node can ask it
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

    /** Adds shell that puts back what no engine reads. */
    public static void afterRestart(Script script) {
        back(script, ManagedFile.putBack(PutBack.AFTER_RESTART));
    }

    /** Adds shell that puts everything back, where no engine stays. */
    public static void everything(Script script) {
        back(script, ManagedFile.kept());
    }

    private static void back(Script script, List<String> files) {
        files.forEach(file -> script.run("back {}", file));
    }
}
