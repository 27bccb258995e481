package dev.machine.provisioning.node;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.facts.EngineShell;
import java.io.IOException;
import java.time.Duration;

/**
 * Stops and starts an engine while its containers keep running: {@code live-restore} is written, a
 * SIGHUP makes the running engine read it, and only then may it stop.
 */
public final class LiveRestore {
    private static final String LET_GO = ResourceText.read(LiveRestore.class, "live-restore.sh");

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private LiveRestore() {}

    /** The functions of {@code engine.sh} and {@code live-restore.sh}, and those of the service. */
    public static String functions(ServiceManager services) {
        return EngineShell.FUNCTIONS + "\n" + LET_GO + services.functions();
    }

    /**
     * Asks the engine over TLS whether its containers survive a restart; used if its socket on the
     * node is lost.
     */
    public static boolean isSeenFromHere(EngineProbe engines, String url) {
        try {
            return engines.ask(url, "/info", DEADLINE).path("LiveRestoreEnabled").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }
}
