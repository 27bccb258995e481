package dev.machine.driver;

/** Where a driver tells what it is doing, one short line at a time, for a person who waits. */
@FunctionalInterface
public interface Progress {
    void say(String line);
}
