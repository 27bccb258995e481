package dev.machine.driver;

/**
 * What a driver is given while it makes a machine, because it keeps nothing itself: a place for
 * what it has so far, what an attempt before this one left there, and the machine's keys.
 */
public interface Checkpoint {
    /** Saves a state; returns when it is on disk. */
    void save(DriverState state);

    /** What was saved last, by this attempt or by one that did not finish; empty at first. */
    DriverState saved();

    /** The machine's own keys, for a driver that puts them into a new machine. */
    MachineKeys keys();
}
