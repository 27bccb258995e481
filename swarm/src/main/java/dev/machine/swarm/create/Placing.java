package dev.machine.swarm.create;

import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.schedule.NameRegistry;
import dev.machine.swarm.schedule.Nodes;
import dev.machine.swarm.schedule.Scheduler;
import java.time.Duration;

/**
 * All that it takes to put a container somewhere.
 *
 * @param patience how long a client waits to learn what a node did that was lost while it made its
 *     container
 * @param retries how often a create that failed is tried on another node beyond what is tried
 *     anyway
 */
public record Placing(
        Nodes nodes,
        Scheduler scheduler,
        NameRegistry names,
        SwarmImages images,
        Pulls pulls,
        Duration patience,
        int retries) {}
