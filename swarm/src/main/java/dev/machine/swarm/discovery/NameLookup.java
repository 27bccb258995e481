package dev.machine.swarm.discovery;

import java.io.IOException;

/** Asks an engine for its own name. */
@FunctionalInterface
interface NameLookup {
    /**
     * Waits for the answer, but not for ever.
     *
     * @throws IOException one sentence why there is no name
     */
    String ask(EngineAddress engine) throws IOException;
}
