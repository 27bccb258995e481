package dev.machine.swarm.engine;

import java.util.Locale;

/** Whether an engine was never reached, answers, was lost, or was taken out of the swarm. */
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
