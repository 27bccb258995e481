package dev.machine.swarm.engine;

import java.util.Locale;

/** Where an engine stands: never reached, answering, lost, or taken out of the swarm. */
public enum EngineState {
    PENDING,
    HEALTHY,
    UNHEALTHY,
    DISCONNECTED;

    /** As {@code docker info} shows it. */
    public String shown() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
