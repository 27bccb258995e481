package dev.machine.swarm.create;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.NameRegistry;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.volume.ContainerVolumes;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code POST /containers/create}: chooses a node and lets its engine create the container. */
public final class CreateHandler {
    private static final int ID_BYTES = 32;

    private final Cluster cluster;
    private final NameRegistry names;
    private final SwarmImages images;
    private final SwarmNetworks networks;
    private final ContainerVolumes volumes;
    private final CreateLoop loop;
    private final RandomGenerator ids = new SecureRandom();

    /**
     * Creates containers on the nodes of a swarm.
     *
     * @param retries how often a create that failed is tried on another node beyond what is tried
     *     anyway
     */
    public CreateHandler(
            Cluster cluster,
            Scheduler scheduler,
            NameRegistry names,
            SwarmImages images,
            SwarmNetworks networks,
            NetworkMaker maker,
            Pulls pulls,
            int retries) {
        this.cluster = cluster;
        this.names = names;
        this.images = images;
        this.networks = networks;
        this.volumes = new ContainerVolumes(cluster);
        this.loop = new CreateLoop(cluster, scheduler, maker, volumes, pulls, retries);
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
        CreateSpec spec =
                CreateSpec.parse(call, CreateBody.read(request), cluster, networks, newId());
        ImagePlan plan = images.plan(spec.body().image(), spec.platform());
        List<String> warnings = VolumeWarning.of(spec.conditions().volumes(), cluster, volumes);
        NameClaim name = spec.name() == null ? names.invent() : names.claim(spec.name());
        return loop.run(spec, spec.request(name.name(), plan), name, new CreatedAnswer(warnings));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        ids.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
