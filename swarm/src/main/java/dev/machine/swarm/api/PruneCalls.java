package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.Collection;

/**
 * Removes stopped containers, or the build cache, on all nodes. The answer is an error only if all
 * nodes fail.
 */
final class PruneCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;

    PruneCalls(Cluster cluster) {
        this.cluster = cluster;
    }

    Response containers(Call call) throws IOException {
        return sum(
                "ContainersDeleted",
                FanOutQuery.ask(
                                cluster.engines(),
                                engine -> {
                                    JsonNode pruned = prune(engine, call, "/containers/prune");
                                    pruned.path("ContainersDeleted")
                                            .forEach(id -> engine.invalidate(id.asText()));
                                    return pruned;
                                })
                        .answeredBySome("nothing pruned")
                        .values());
    }

    /** {@code docker system prune} calls it last, so it must be answered. */
    Response buildCache(Call call) throws IOException {
        return sum(
                "CachesDeleted",
                FanOutQuery.ask(cluster.engines(), engine -> prune(engine, call, "/build/prune"))
                        .answeredBySome("its build cache was not pruned")
                        .values());
    }

    /** What all engines have removed together. */
    static Response sum(String deleted, Collection<JsonNode> answers) throws IOException {
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        ArrayNode all = sum.putArray(deleted);
        long space = 0;
        for (JsonNode answer : answers) {
            answer.path(deleted).forEach(all::add);
            space += answer.path("SpaceReclaimed").asLong();
        }
        sum.put("SpaceReclaimed", space);
        return Response.json(200, JSON.writeValueAsBytes(sum));
    }

    private static JsonNode prune(EngineCache engine, Call call, String path) throws IOException {
        try (EngineReply reply = EngineProxy.send(engine, call, path)) {
            byte[] bytes = reply.whole(call.request().share());
            call.request().share().takeTree(bytes.length);
            JsonNode body = LimitedJson.tree(bytes);
            if (reply.status() != 200) {
                throw new HttpProblem(reply.status(), body.path("message").asText("no reason"));
            }
            return body;
        }
    }
}
