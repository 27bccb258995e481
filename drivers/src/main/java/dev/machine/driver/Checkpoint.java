package dev.machine.driver;

/** Where a driver saves what it has so far; returns when it is on disk. */
@FunctionalInterface
public interface Checkpoint {
    void save(DriverState state);
}
