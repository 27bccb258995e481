package dev.machine.swarm.discovery;

import java.io.IOException;

/**
 * Finds the engines of a swarm (classic swarm's word for it). It is asked every second, by one
 * thread at a time, and must not wait for an engine.
 */
public interface Discovery {
    /**
     * The engines as they are known now, with the errors of single ones.
     *
     * @throws IOException if there is no answer at all: then the last one stays valid
     */
    Members read() throws IOException;
}
