package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code GET /plugins}: the plugins of all nodes that answer, each Id once. */
final class PluginCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;

    PluginCalls(Cluster cluster) {
        this.cluster = cluster;
    }

    Response list(Call call) throws IOException {
        String query = call.target().rawQuery();
        String path = "/plugins" + (query == null ? "" : "?" + query);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Set<String> seen = new HashSet<>();
        FanOutQuery.ask(cluster.engines(), engine -> plugins(call, engine, path))
                .answeredBySome("its plugins are missing")
                .values()
                .forEach(
                        plugins ->
                                plugins.stream()
                                        .filter(plugin -> seen.add(plugin.path("Id").asText()))
                                        .forEach(all::add));
        return Response.json(200, JSON.writeValueAsBytes(all));
    }

    private static List<ObjectNode> plugins(Call call, EngineCache engine, String path)
            throws IOException {
        List<ObjectNode> plugins = new ArrayList<>();
        engine.entries(
                path,
                entry -> {
                    call.request().share().takeTree(entry.length);
                    plugins.add(LimitedJson.object(entry));
                });
        return plugins;
    }
}
