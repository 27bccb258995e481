package dev.machine.driver;

/** A driver reports here what it is doing, one short line at a time, for the user who waits. */
@FunctionalInterface
public interface Progress {
    void say(String line);
}
