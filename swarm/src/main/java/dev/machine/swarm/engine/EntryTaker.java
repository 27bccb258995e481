package dev.machine.swarm.engine;

import java.io.IOException;

/** Takes the entries of an engine's list, one after the other, as they come. */
@FunctionalInterface
public interface EntryTaker {
    void take(byte[] entry) throws IOException;
}
