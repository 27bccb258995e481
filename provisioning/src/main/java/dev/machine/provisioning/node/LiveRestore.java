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
    /** The functions of {@code engine.sh} and {@code service.sh}. */
    public static final String FUNCTIONS =
            EngineShell.FUNCTIONS + "\n" + Script.packed(LiveRestore.class, "service.sh");

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private LiveRestore() {}

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
