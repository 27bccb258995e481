package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.JsonFault;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.network.SwarmNetwork.Part;
import dev.machine.swarm.network.SwarmNetworks;
import java.io.IOException;
import java.util.List;

/**
 * Calls that list networks or name one; {@link NetworkCreate} makes them, {@link NetworkMembers}
 * connects containers.
 */
final class NetworkCalls {
    private final Cluster cluster;
    private final SwarmNetworks networks;
    private final NetworkLocator locator;

    NetworkCalls(Cluster cluster, SwarmNetworks networks, NetworkLocator locator) {
        this.cluster = cluster;
        this.networks = networks;
        this.locator = locator;
    }

    Response list(Call call) throws IOException {
        cluster.awaitFresh();
        NetworkFilter filter = new NetworkFilter(call.target());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (SwarmNetwork network : networks.all()) {
            if (filter.accepts(network)) {
                list.add(network.shown(network.parts().getFirst().network().json()));
            }
        }
        return Response.json(200, ExactJson.write(list));
    }

    /** Asks all engines that have a part, because only they know who is connected now. */
    Response inspect(Call call) throws IOException {
        SwarmNetwork network = locator.one(call.name());
        String query = call.target().rawQuery();
        ObjectNode shown = null;
        HttpProblem problem = null;
        for (FanOutQuery.Answer<JsonNode> answer :
                FanOutQuery.ask(
                                network.healthyEngines(),
                                engine -> details(engine, network, query == null ? "" : query))
                        .all()) {
            if (answer.value() instanceof ObjectNode details) {
                shown = shown == null ? network.shown(details) : with(shown, details);
            } else if (answer.problem() != null) {
                problem = answer.problem();
            }
        }
        if (shown == null && problem != null && problem.status() < 500) {
            throw problem;
        }
        if (shown == null) {
            // No node that has it answers: what is known of it is better than nothing.
            shown = network.shown(network.parts().getFirst().network().json());
        }
        return Response.json(200, ExactJson.write(shown));
    }

    static JsonNode details(EngineCache engine, SwarmNetwork network, String query)
            throws IOException {
        String path =
                "/networks/"
                        + network.on(engine).orElseThrow().id()
                        + (query.isEmpty() ? "" : "?" + query);
        try {
            return engine.get(path, engine.timings().inspect());
        } catch (EngineStatusException e) {
            if (e.status() == 404) {
                engine.invalidateNetworks();
                throw new HttpProblem(404, "network " + network.name() + " not found");
            }
            throw e;
        }
    }

    private static ObjectNode with(ObjectNode shown, ObjectNode more) {
        if (shown.get("Containers") instanceof ObjectNode all
                && more.get("Containers") instanceof ObjectNode others) {
            all.setAll(others);
        }
        return shown;
    }

    Response remove(Call call) {
        SwarmNetwork network = locator.one(call.name());
        refuseIfUsed(network);
        HttpProblem problem = null;
        for (FanOutQuery.Answer<Network> answer : remove(network)) {
            problem = answer.problem() == null ? problem : answer.problem();
        }
        for (Part part : network.parts()) {
            if (!part.engine().status().healthy()) {
                problem =
                        new HttpProblem(
                                503,
                                "network "
                                        + network.name()
                                        + " is still on node "
                                        + part.engine().name()
                                        + ", which does not answer: "
                                        + part.engine().status().trouble());
            }
        }
        if (problem != null) {
            throw problem;
        }
        return Response.empty(204);
    }

    /** Removes all parts on nodes that answer. */
    static List<FanOutQuery.Answer<Network>> remove(SwarmNetwork network) {
        return FanOutQuery.ask(network.healthyEngines(), engine -> remove(engine, network)).all();
    }

    private static Network remove(EngineCache engine, SwarmNetwork network) throws IOException {
        Network part = network.on(engine).orElseThrow();
        try {
            NetworkMaker.remove(engine, part);
            return part;
        } catch (NetworkMaker.RefusedException e) {
            throw new HttpProblem(e.status(), String.valueOf(e.getMessage()));
        }
    }

    /** One engine would refuse only its own part, and the others would be gone. */
    private static void refuseIfUsed(SwarmNetwork network) {
        if (network.parts().size() == 1) {
            return;
        }
        for (FanOutQuery.Answer<JsonNode> answer :
                FanOutQuery.ask(network.healthyEngines(), engine -> details(engine, network, ""))
                        .all()) {
            JsonNode details = answer.value();
            if (details != null && !details.path("Containers").isEmpty()) {
                throw new HttpProblem(
                        403,
                        "error while removing network: network "
                                + network.name()
                                + " id "
                                + network.id()
                                + " has active endpoints on node "
                                + answer.engine().name());
            }
        }
    }

    /** The client's settings; a body that is not an object is the client's error. */
    static ObjectNode body(Call call) throws IOException {
        byte[] bytes = call.request().body().whole(Route.MAX_BODY_BYTES);
        call.request().share().takeTree(bytes.length);
        try {
            if (ExactJson.read(bytes) instanceof ObjectNode object) {
                return object;
            }
            throw new HttpProblem(400, "the body is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new HttpProblem(400, "the body is not valid JSON: " + JsonFault.words(e));
        }
    }
}
