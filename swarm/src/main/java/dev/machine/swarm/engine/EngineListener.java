package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Hears what happens at an engine. Called by the cache's threads: must not block. */
public interface EngineListener {
    /**
     * One event as the engine told it; the listener may keep and change it.
     *
     * @param bytes its length as it was told
     */
    void event(EngineCache engine, ObjectNode event, int bytes);

    /**
     * The engine was reached ({@code engine_connect}, {@code engine_reconnect}) or lost ({@code
     * engine_disconnect}).
     */
    void changed(EngineCache engine, String action);
}
