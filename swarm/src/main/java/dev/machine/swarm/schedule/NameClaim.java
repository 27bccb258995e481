package dev.machine.swarm.schedule;

/**
 * A name that no other create or rename can take until this is closed. Close it when a container
 * has the name, or when none will get it.
 */
public final class NameClaim implements AutoCloseable {
    private final String name;
    private final Runnable release;

    NameClaim(String name, Runnable release) {
        this.name = name;
        this.release = release;
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        release.run();
    }
}
