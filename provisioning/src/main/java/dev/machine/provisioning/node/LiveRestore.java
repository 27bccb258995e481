package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.time.Duration;

/**
 * Stopping and starting an engine without its containers: {@code live-restore} is written, a SIGHUP
 * has the running engine take it up, and only then may it stop.
 */
public final class LiveRestore {
    private static final String LET_GO = Script.packed(LiveRestore.class, "live-restore.sh");

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private LiveRestore() {}

    /** The functions of {@code engine.sh} and {@code live-restore.sh}, and those of the service. */
    public static String functions(ServiceManager services) {
        return EngineShell.FUNCTIONS + "\n" + LET_GO + services.functions();
    }

    /**
     * Whether the engine says over TLS that its containers survive it. For one that nobody on its
     * node can ask, since its socket is lost there.
     */
    public static boolean isSeenFromHere(EngineProbe engines, String url) {
        try {
            return engines.ask(url, "/info", DEADLINE).path("LiveRestoreEnabled").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }
}
