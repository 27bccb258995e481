package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.Expressions;
import dev.machine.swarm.schedule.PlacementRequest;
import dev.machine.swarm.schedule.PlacementRequest.Conditions;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks to create. It is read once, by {@link #parse}; nothing changes it afterwards.
 *
 * @param body the settings for engines: expressions are labels, other containers and volumes are
 *     named without their node, and the swarm id is a label
 * @param swarmId unique to this create
 * @param name that the client gave to the container; null for none
 * @param networks those of the whole swarm, and those that only some nodes have
 * @param platform that the client asked for; null for none
 */
record CreateSpec(
        CreateCall call,
        CreateBody body,
        String swarmId,
        @Nullable String name,
        @Nullable Platform platform,
        Resources resources,
        NetworkNeeds networks,
        Conditions conditions) {
    /**
     * Reads a client's request.
     *
     * @param body is rewritten for engines
     * @param cluster knows which names are those of nodes
     */
    static CreateSpec parse(
            CreateCall call,
            CreateBody body,
            Cluster cluster,
            SwarmNetworks swarmNetworks,
            String swarmId) {
        Expressions expressions = ExpressionSource.takeFrom(body);
        Platform platform = platform(call.target());
        NetworkNeeds networks = NetworkNeeds.takeFrom(body.json(), cluster, swarmNetworks);
        Conditions conditions =
                new Conditions(
                        expressions,
                        Dependencies.takeFrom(body.json(), cluster),
                        NamedVolumes.takeFrom(body.json(), cluster),
                        networks.pins(),
                        networks.together(body.labels()),
                        NewerSettings.in(body.json(), call.version()));
        body.label(PlacementRequest.SWARM_ID, swarmId);
        Resources resources =
                Resources.of(body.json().path("HostConfig"), body.json().path("ExposedPorts"));
        return new CreateSpec(
                call,
                body,
                swarmId,
                name(call.target()),
                platform,
                resources,
                networks,
                conditions);
    }

    private static @Nullable Platform platform(RequestTarget target) {
        String platform = target.parameter("platform");
        return platform == null || platform.isBlank() ? null : Platform.parse(platform);
    }

    private static @Nullable String name(RequestTarget target) {
        String name = target.parameter("name");
        return name == null || name.isBlank() ? null : QualifiedName.bare(name);
    }

    /**
     * What the scheduler looks for a node for.
     *
     * @param taken the name that the container gets
     */
    PlacementRequest request(String taken, ImagePlan plan) {
        JsonNode network = body.json().path("HostConfig").path("NetworkMode");
        return new PlacementRequest(
                swarmId,
                taken,
                body.labels(),
                new PlacementRequest.Image(body.image(), plan, false),
                resources,
                network.asText("").equals("host"),
                conditions);
    }
}
