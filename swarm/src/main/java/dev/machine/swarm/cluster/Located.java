package dev.machine.swarm.cluster;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;

/** A container and the engine it is on. */
public record Located(EngineCache engine, Container container) {
    /** Its name with the node's, as it is unique in the swarm. */
    public String fullName() {
        return engine.name() + "/" + container.name();
    }
}
