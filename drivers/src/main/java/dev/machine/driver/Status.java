package dev.machine.driver;

/** What the provider's API says about a machine. */
public enum Status {
    STARTING,
    RUNNING,
    STOPPED,
    GONE,
    /** There is no API to ask, as with bare metal. */
    UNKNOWN
}
