package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as the scheduler sees it. No method waits. */
public interface Node {
    /** Billionths of a CPU in one CPU. */
    long NANO = 1_000_000_000L;

    String name();

    /** The engine's id; engines whose disks were cloned have the same one. */
    String id();

    /** Why the node takes no containers; null if it is healthy. */
    @Nullable String trouble();

    /** The engine's labels. */
    Map<String, String> labels();

    /** What can be reserved, in billionths of a CPU. */
    long nanoCpus();

    /** What can be reserved, in bytes. */
    long memory();

    Platform platform();

    /** The names and the ids of its images. */
    List<String> images();

    /** Whether it has an image of this name. */
    boolean hasImage(String name);

    /** Whether it has a volume of this name that is not shared with other nodes. */
    boolean hasVolume(String name);

    /** The number of volumes of a Compose project. */
    int volumesOf(String project);

    /** Whether it has a part of a network of the whole swarm, by the id that clients see. */
    boolean hasNetwork(String id);

    /** The number of networks of a Compose project. */
    int networksOf(String project);

    /** The newest version of the API that its engine speaks. */
    ApiVersion newestApi();

    Ledger ledger();
}
