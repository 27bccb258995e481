package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.schedule.Expressions;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.PlacementRequest;
import dev.machine.swarm.schedule.PlacementRequest.Dependency;
import dev.machine.swarm.schedule.PlacementRequest.Volume;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@code POST /containers/create}: a node is chosen, its engine makes the container. */
public final class CreateHandler {
    private static final int ID_BYTES = 32;

    private final Cluster cluster;
    private final Placing placing;
    private final InstantSource clock;
    private final RandomGenerator ids = new SecureRandom();

    /** Creates containers on the nodes of a swarm. */
    public CreateHandler(Cluster cluster, Placing placing, InstantSource clock) {
        this.cluster = cluster;
        this.placing = placing;
        this.clock = clock;
    }

    /**
     * Creates a container and answers as an engine does.
     *
     * @param target its path and query without the version
     * @param version of the API that the client speaks
     * @throws IOException if the client's body cannot be read
     */
    public Response create(Request request, RequestTarget target, ApiVersion version)
            throws IOException {
        CreateCall call = new CreateCall(request, target, version);
        CreateBody body = CreateBody.read(call.request());
        Expressions wishes = Wishes.take(body);
        String platform = call.target().parameter("platform");
        Platform asked = platform == null || platform.isBlank() ? null : Platform.parse(platform);
        ImagePlan plan = placing.images().plan(body.image(), asked);
        List<Dependency> dependencies = Dependencies.of(body, cluster);
        List<Volume> volumes = NamedVolumes.of(body, cluster);
        String warning = NamedVolumes.warning(volumes, cluster, clock);
        String id = newId();
        body.label(PlacementRequest.SWARM_ID, id);
        JsonNode host = body.json().path("HostConfig");
        Resources resources = Resources.of(host, body.json().path("ExposedPorts"));
        boolean hostNetwork = host.path("NetworkMode").asText("").equals("host");
        NameClaim name = name(call.target().parameter("name"));
        PlacementRequest placementRequest =
                new PlacementRequest(
                        id,
                        name.name(),
                        body.labels(),
                        new PlacementRequest.Image(body.image(), plan, false),
                        resources,
                        hostNetwork,
                        new PlacementRequest.Conditions(wishes, dependencies, volumes));
        return new CreateLoop(call, placing, body, asked, name, placementRequest, warning).run();
    }

    private NameClaim name(@Nullable String wanted) {
        return wanted == null || wanted.isBlank()
                ? placing.names().invent()
                : placing.names().claim(QualifiedName.bare(wanted));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        ids.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
