package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.DaemonConfig;
import dev.machine.provisioning.ssh.Script;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shell that restarts an engine with another configuration while its containers go on: it lets go
 * of them by live-restore, takes them up again, and only then forgets live-restore, if that is not
 * in the configuration it gets.
 *
 * @param daemonJson what daemon.json shall say in the end; empty if there shall be none
 * @param keep containers run
 * @param seenLive live-restore is known to be on, though nobody on the node can ask the engine
 * @param start the engine shall run afterwards
 * @param services by whose {@link LiveRestore#functions} the script begins
 */
public record KeptRestart(
        Optional<String> daemonJson,
        boolean keep,
        boolean seenLive,
        boolean start,
        ServiceManager services) {
    private static final String LET_GO =
            """
            [ -z "$(engine_pid)" ] || let_go 15 || [ {} = true ] ||
                { echo "the running engine did not turn live-restore on; a restart would stop its containers" >&2; exit 75; }
            """;

    private static final String FORGET_LIVE_RESTORE =
            """
            await_live true 60 || { echo "the engine did not come up again" >&2; exit 75; }
            """;

    /** The engine of this process was restarted already: a rerun does not do it again. */
    private static final String DONE = "/run/machine-undone";

    /**
     * Adds it to a script that has {@link LiveRestore#functions}.
     *
     * @param last writes daemon.json as it shall be in the end
     * @param others writes the other files that the restarted engine shall find
     */
    public void addTo(Script script, Consumer<Script> last, Consumer<Script> others) {
        boolean forget = keep && !DaemonConfig.hasLiveRestore(daemonJson);
        if (keep) {
            writeLiveRestore(script, true);
            script.run(LET_GO, Boolean.toString(seenLive));
        } else {
            last.accept(script);
        }
        // Stopped by the unit that it was started by: the next one may end more with it.
        script.run(
                "again=yes; if [ -e {} ] && [ \"$(cat {})\" = \"$(engine_pid)\" ]; then again=no; fi",
                DONE,
                DONE);
        script.run("[ $again = no ] || stop_engine >/dev/null 2>&1 || true");
        others.accept(script);
        if (start || keep) {
            script.run("[ $again = no ] || restart_engine");
        } else {
            script.run(services.reloadFiles());
        }
        script.run("engine_pid >{}", DONE);
        if (forget) {
            script.run(FORGET_LIVE_RESTORE);
            writeLiveRestore(script, false);
            script.run(
                    "forget_live_restore || echo \"the engine kept live-restore; it forgets it at its next restart\" >&2");
        }
        last.accept(script);
    }

    private void writeLiveRestore(Script script, boolean on) {
        ManagedFile.DAEMON_JSON.write(
                script,
                DaemonConfig.withLiveRestore(daemonJson, on).getBytes(StandardCharsets.UTF_8));
    }
}
