package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.DaemonConfig;
import dev.machine.provisioning.ssh.Script;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shell that restarts an engine with another configuration while its containers keep running:
 * live-restore is turned on before the restart, and turned off afterwards if the new configuration
 * does not have it.
 *
 * @param daemonJson the final daemon.json; empty if there must be none
 * @param keep whether containers run
 * @param seenLive whether live-restore is known to be on although the engine cannot be asked on the
 *     node
 * @param start whether the engine must run afterwards
 * @param services whose {@link LiveRestore#functions} the script has
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

    /** Holds the process id of the restarted engine, so that a rerun does not restart it again. */
    private static final String DONE = "/run/machine-undone";

    /**
     * Adds it to a script that has {@link LiveRestore#functions}.
     *
     * @param last writes the final daemon.json
     * @param others writes the other files that the restarted engine reads
     */
    public void addTo(Script script, Consumer<Script> last, Consumer<Script> others) {
        boolean forget = keep && !DaemonConfig.hasLiveRestore(daemonJson);
        if (keep) {
            writeLiveRestore(script, true);
            script.run(LET_GO, Boolean.toString(seenLive));
        } else {
            last.accept(script);
        }
        // It is stopped before the files change, because the new unit may stop more with it.
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
