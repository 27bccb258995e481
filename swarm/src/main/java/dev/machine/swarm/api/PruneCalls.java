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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes stopped containers on all nodes. The answer is an error only if all nodes fail. */
final class PruneCalls {
    private static final Logger LOG = LoggerFactory.getLogger(PruneCalls.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;

    PruneCalls(Cluster cluster) {
        this.cluster = cluster;
    }

    Response containers(Call call) throws IOException {
        List<FanOutQuery.Answer<JsonNode>> answers =
                FanOutQuery.ask(cluster.engines(), engine -> prune(engine, call)).all();
        ArrayNode deleted = JsonNodeFactory.instance.arrayNode();
        long space = 0;
        HttpProblem problem = null;
        boolean any = answers.isEmpty();
        for (FanOutQuery.Answer<JsonNode> answer : answers) {
            JsonNode pruned = answer.value();
            if (pruned != null) {
                any = true;
                pruned.path("ContainersDeleted").forEach(deleted::add);
                space += pruned.path("SpaceReclaimed").asLong();
            } else if (answer.problem() != null) {
                problem = answer.problem();
                LOG.warn("{}: nothing pruned: {}", answer.engine().name(), problem.sentence());
            }
        }
        if (!any && problem != null) {
            throw problem;
        }
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        sum.set("ContainersDeleted", deleted);
        sum.put("SpaceReclaimed", space);
        return Response.json(200, JSON.writeValueAsBytes(sum));
    }

    private static JsonNode prune(EngineCache engine, Call call) throws IOException {
        try (EngineReply reply = EngineProxy.send(engine, call, "/containers/prune")) {
            byte[] bytes = reply.whole(call.request().share());
            call.request().share().takeTree(bytes.length);
            JsonNode body = LimitedJson.tree(bytes);
            if (reply.status() != 200) {
                throw new HttpProblem(reply.status(), body.path("message").asText("no reason"));
            }
            body.path("ContainersDeleted").forEach(id -> engine.invalidate(id.asText()));
            return body;
        }
    }
}
