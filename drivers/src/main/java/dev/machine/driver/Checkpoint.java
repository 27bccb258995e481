package dev.machine.driver;

/**
 * Given to a driver while it makes a machine, because a driver keeps nothing itself: it saves its
 * state here, finds the state of an earlier attempt, and gets the machine's keys.
 */
public interface Checkpoint {
    /** Saves a state; returns when it is on disk. */
    void save(DriverState state);

    /** The state that this attempt or an earlier one saved last; empty at first. */
    DriverState saved();

    /** The machine's own keys, for a driver that puts them into a new machine. */
    MachineKeys keys();
}
