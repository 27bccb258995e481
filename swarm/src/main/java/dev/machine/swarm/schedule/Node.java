package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as far as the choice goes. Asking it anything never waits. */
public interface Node {
    /** Billionths in one. */
    long NANO = 1_000_000_000L;

    String name();

    /** The engine's id; shared by engines whose disks were cloned. */
    String id();

    /** Why nothing new may go there; null if it is healthy. */
    @Nullable String trouble();

    /** The engine's labels. */
    Map<String, String> labels();

    /** What may be promised, in billionths of a CPU. */
    long nanoCpus();

    /** What may be promised, in bytes. */
    long memory();

    Platform platform();

    /** The names, and the ids, of the images it has. */
    List<String> images();

    /** Whether it has an image of this name. */
    boolean hasImage(String name);

    /** Whether it has a volume of this name that other nodes do not share. */
    boolean hasVolume(String name);

    Ledger ledger();
}
