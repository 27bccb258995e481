package dev.machine.driver;

/** What the owner's API says about a machine. */
public enum Status {
    STARTING,
    RUNNING,
    STOPPED,
    GONE,
    /** There is nobody to ask: bare metal. */
    UNKNOWN
}
