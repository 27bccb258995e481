package dev.machine.swarm.discovery;

import java.io.IOException;

/** Asks an engine for its own name. */
@FunctionalInterface
interface NameLookup {
    /**
     * Waits for the answer for a limited time.
     *
     * @throws IOException if there is no name; the message is one sentence
     */
    String ask(EngineAddress engine) throws IOException;
}
