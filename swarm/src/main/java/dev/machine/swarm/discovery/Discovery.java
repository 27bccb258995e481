package dev.machine.swarm.discovery;

import java.io.IOException;

/**
 * Says which engines belong to a swarm (classic swarm's word for it). It is asked again every
 * second, by one thread at a time, and must not make it wait for an engine.
 */
public interface Discovery {
    /**
     * The engines as they are known now; what is wrong with one of them is among the errors.
     *
     * @throws IOException if nothing can be said: what was said last stays true
     */
    Members read() throws IOException;
}
