package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.NetworkMaker.Made;
import dev.machine.swarm.network.NetworkMaker.RefusedException;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.EngineNode;
import dev.machine.swarm.schedule.Node;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.Together;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /networks/create}: a network of the whole swarm is made on one node at once, and on
 * the others when a container of theirs needs it; {@code NODE/NAME} is made on that node only.
 */
final class NetworkCreate {
    private static final int ID_BYTES = 32;
    private static final int MAX_NODES_TRIED = 3;

    private final Cluster cluster;
    private final SwarmNetworks networks;
    private final Scheduler scheduler;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final RandomGenerator ids = new SecureRandom();

    NetworkCreate(Cluster cluster, SwarmNetworks networks, Scheduler scheduler) {
        this.cluster = cluster;
        this.networks = networks;
        this.scheduler = scheduler;
    }

    Response create(Call call) throws IOException {
        ObjectNode body = NetworkCalls.body(call);
        String name = body.path("Name").asText("");
        for (EngineCache engine : cluster.engines()) {
            String local = QualifiedName.on(engine.name(), name);
            if (local != null) {
                body.put("Name", local);
                return Response.json(201, ExactJson.write(on(engine, body).answer()));
            }
        }
        String problem = QualifiedName.problem("network", name);
        if (problem != null) {
            throw new HttpProblem(400, problem);
        }
        refuseSwarmMode(body);
        if (!running.add(name)) {
            throw taken(name, "");
        }
        try {
            refuseTaken(name);
            return forSwarm(body);
        } finally {
            running.remove(name);
        }
    }

    /** Names do not cross the bridges of nodes; only networks of Docker's swarm mode do that. */
    private static void refuseSwarmMode(ObjectNode body) {
        if (body.path("Driver").asText("").equals("overlay")
                || body.path("Scope").asText("").equals("swarm")
                || body.path("Ingress").asBoolean()) {
            throw new HttpProblem(
                    501,
                    "an overlay network needs engines in Docker's swarm mode, which this endpoint"
                            + " does not set up yet; use the driver bridge: it is made on each node"
                            + " that needs it");
        }
    }

    private void refuseTaken(String name) {
        SwarmNetwork there = named(name);
        if (there != null) {
            // Another client may have removed it a moment ago.
            there.parts().forEach(part -> part.engine().invalidateNetworks());
            cluster.awaitFresh();
            there = named(name);
        }
        if (there != null) {
            String hint =
                    there.ofSwarm()
                            ? ""
                            : " on node "
                                    + there.parts().getFirst().engine().name()
                                    + " as "
                                    + there.name();
            throw taken(name, hint);
        }
    }

    private @Nullable SwarmNetwork named(String name) {
        return networks.all().stream()
                .filter(network -> network.localName().equals(name))
                .filter(network -> !network.parts().getFirst().network().predefined())
                .findFirst()
                .orElse(null);
    }

    private static HttpProblem taken(String name, String hint) {
        return new HttpProblem(409, "network with name " + name + " already exists" + hint);
    }

    private Response forSwarm(ObjectNode body) throws IOException {
        byte[] random = new byte[ID_BYTES];
        ids.nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        String project = body.path("Labels").path(Together.PROJECT).asText("");
        ObjectNode labels = body.withObject("/Labels");
        labels.put(Network.SWARM_ID, id);
        if (asksForAddresses(body.path("IPAM"))) {
            labels.put(Network.ADDRESSES, body.path("IPAM").toString());
        }
        Set<String> tried = new HashSet<>();
        HttpProblem failure = new HttpProblem(500, "No healthy node available in the cluster");
        while (tried.size() < MAX_NODES_TRIED) {
            Optional<Node> node = scheduler.nodeFor(project, tried);
            if (node.isEmpty() || !(node.get() instanceof EngineNode chosen)) {
                break;
            }
            EngineCache engine = chosen.engine();
            try {
                ObjectNode answer = on(engine, body).answer();
                answer.put("Id", id);
                return Response.json(201, ExactJson.write(answer));
            } catch (HttpProblem e) {
                if (e.status() < 500) {
                    throw e;
                }
                failure = e;
                tried.add(engine.name());
            }
        }
        throw failure;
    }

    private static boolean asksForAddresses(JsonNode ipam) {
        String driver = ipam.path("Driver").asText("");
        return !ipam.path("Config").isEmpty()
                || !ipam.path("Options").isEmpty()
                || !(driver.isEmpty() || driver.equals("default"));
    }

    private static Made on(EngineCache engine, ObjectNode body) {
        if (!engine.status().healthy()) {
            throw new HttpProblem(
                    503,
                    "node " + engine.name() + " does not answer: " + engine.status().trouble());
        }
        try {
            return NetworkMaker.make(engine, body);
        } catch (RefusedException e) {
            throw new HttpProblem(e.status(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw EngineProxy.unanswered(engine, e.getMessage());
        }
    }
}
