package dev.machine.swarm.create;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.PlacementRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

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
        CreateSpec spec = CreateSpec.parse(call, CreateBody.read(request), cluster, newId());
        ImagePlan plan = placing.images().plan(spec.body().image(), spec.platform());
        List<String> warnings = VolumeWarning.of(spec.conditions().volumes(), cluster, clock);
        NameClaim name =
                spec.name() == null ? placing.names().invent() : placing.names().claim(spec.name());
        PlacementRequest wanted = spec.request(name.name(), plan);
        return new CreateLoop(spec, placing, name, wanted, warnings).run();
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        ids.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
