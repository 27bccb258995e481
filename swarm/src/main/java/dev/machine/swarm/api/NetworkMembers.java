package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.create.NewerSettings;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.schedule.PlacementRequest.Need;
import java.io.IOException;
import java.util.Optional;

/** Connects a container to a network and disconnects it, on the node of the container. */
final class NetworkMembers {
    private final NetworkLocator networks;
    private final NetworkMaker maker;
    private final ContainerLocator containers;

    NetworkMembers(NetworkLocator networks, NetworkMaker maker, ContainerLocator containers) {
        this.networks = networks;
        this.maker = maker;
        this.containers = containers;
    }

    Response connect(Call call) throws IOException {
        ObjectNode body = NetworkCalls.body(call);
        Located container = containers.find(body.path("Container").asText(""));
        EngineCache engine = container.engine();
        refuseWhatIsTooNew(call, body, engine);
        SwarmNetwork network = networks.near(call.name(), engine);
        String id;
        if (network.ofSwarm()) {
            try {
                id = maker.ensure(engine, network).id();
            } catch (NetworkMaker.RefusedException e) {
                throw new HttpProblem(e.status(), "node " + engine.name() + ": " + e.getMessage());
            } catch (IOException e) {
                throw EngineProxy.unanswered(engine, e.getMessage());
            }
        } else {
            id = network.on(engine).orElseThrow().id();
        }
        return passed(call, body, container, "/networks/" + id + "/connect");
    }

    private static void refuseWhatIsTooNew(Call call, ObjectNode body, EngineCache engine) {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            return;
        }
        for (Need need : NewerSettings.ofEndpoint(body.path("EndpointConfig"), call.version())) {
            String refusal = need.refusal(facts.highest());
            if (refusal != null) {
                throw new HttpProblem(400, "node " + engine.name() + ": " + refusal);
            }
        }
    }

    Response disconnect(Call call) throws IOException {
        ObjectNode body = NetworkCalls.body(call);
        Located container = containers.find(body.path("Container").asText(""));
        SwarmNetwork network = networks.near(call.name(), container.engine());
        Optional<Network> part = network.on(container.engine());
        if (part.isEmpty()) {
            // Engines answer this with 500, too.
            throw new HttpProblem(
                    500,
                    "container "
                            + container.container().id()
                            + " is not connected to network "
                            + network.name());
        }
        return passed(call, body, container, "/networks/" + part.get().id() + "/disconnect");
    }

    private static Response passed(Call call, ObjectNode body, Located container, String path)
            throws IOException {
        body.put("Container", container.container().id());
        Call rewritten = call.with(RequestBody.of(ExactJson.write(body)));
        EngineReply reply = EngineProxy.send(container.engine(), rewritten, path);
        container.engine().invalidate(container.container().id());
        return EngineProxy.relay(reply);
    }
}
