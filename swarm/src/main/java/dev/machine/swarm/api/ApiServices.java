package dev.machine.swarm.api;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.create.CreateHandler;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.NameRegistry;
import dev.machine.swarm.schedule.Nodes;
import dev.machine.swarm.schedule.Scheduler;
import java.time.InstantSource;

/** What the calls of the API are answered with. */
public record ApiServices(
        Cluster cluster,
        CreateHandler creates,
        Nodes nodes,
        Scheduler scheduler,
        NameRegistry names,
        SwarmImages images,
        SwarmNetworks networks,
        NetworkMaker networkMaker,
        Pulls pulls,
        InstantSource clock) {}
