package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Volume;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.volume.EngineVolumes;
import dev.machine.swarm.volume.EngineVolumes.Usage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /volumes/prune} on all nodes. Since API 1.42 it removes unnamed volumes only, unless
 * the filter {@code all} is given; before that it removes named volumes too (moby,
 * volume_routes.go). The client's version decides: on an older engine the unnamed volumes are
 * removed one by one.
 */
final class VolumePrune {
    private static final Logger LOG = LoggerFactory.getLogger(VolumePrune.class);
    private static final ApiVersion UNNAMED_ONLY = new ApiVersion(1, 42);
    private static final Set<String> KNOWN = Set.of("all", "label", "label!", "node");

    private final Cluster cluster;

    VolumePrune(Cluster cluster) {
        this.cluster = cluster;
    }

    Response prune(Call call) throws IOException {
        QueryFilters filters = QueryFilters.of(call.target(), KNOWN);
        boolean named = call.version().compareTo(UNNAMED_ONLY) < 0 || filters.flag("all");
        List<EngineCache> wanted =
                cluster.engines().stream()
                        .filter(engine -> filters.any("node", engine.name()::equals))
                        .toList();
        return PruneCalls.sum(
                "VolumesDeleted",
                FanOutQuery.ask(wanted, engine -> prune(engine, call, filters, named))
                        .answeredBySome("no volumes pruned")
                        .values());
    }

    private static JsonNode prune(
            EngineCache engine, Call call, QueryFilters filters, boolean named) throws IOException {
        EngineFacts facts = engine.status().facts();
        boolean old = facts == null || facts.speak(call.version()).compareTo(UNNAMED_ONLY) < 0;
        if (old && !named) {
            return oneByOne(engine, filters);
        }
        ObjectNode passed = labels(filters, "label", "label!");
        if (!old && named) {
            passed.putArray("all").add("true");
        }
        try (EngineReply reply =
                EngineProxy.send(engine, call.asking(query(passed)), "/volumes/prune")) {
            byte[] body = reply.whole(call.request().share());
            call.request().share().takeTree(body.length);
            engine.invalidateVolumes();
            if (reply.status() != 200) {
                throw new HttpProblem(reply.status(), LimitedJson.shortMessage(body));
            }
            return LimitedJson.tree(body);
        }
    }

    /** What a newer engine does: volumes with options and of other drivers stay, too. */
    private static JsonNode oneByOne(EngineCache engine, QueryFilters filters) throws IOException {
        ObjectNode asked = labels(filters, "label");
        asked.putArray("dangling").add("true");
        List<String> names = new ArrayList<>();
        for (JsonNode json :
                engine.get("/volumes?" + query(asked), engine.timings().list()).path("Volumes")) {
            Volume volume = Volume.of(json);
            if (Volume.isAnonymous(volume.name())
                    && volume.driver().equals("local")
                    && volume.options().isEmpty()
                    && filters.withoutLabels(volume.labels())) {
                names.add(volume.name());
            }
        }
        ObjectNode pruned = JsonNodeFactory.instance.objectNode();
        ArrayNode deleted = pruned.putArray("VolumesDeleted");
        long space = 0;
        Map<String, Usage> usage = names.isEmpty() ? Map.of() : usage(engine);
        for (String name : names) {
            // A container may use it by now; then it stays.
            if (EngineVolumes.remove(engine, name).status() == 204) {
                deleted.add(name);
                Usage was = usage.get(name);
                space += was == null ? 0 : Math.max(0, was.bytes());
            }
        }
        return pruned.put("SpaceReclaimed", space);
    }

    /** How large they are is worth knowing, but not worth keeping them. */
    private static Map<String, Usage> usage(EngineCache engine) {
        try {
            return EngineVolumes.usage(engine);
        } catch (IOException e) {
            LOG.debug("{}: volumes not measured: {}", engine.name(), e.getMessage());
            return Map.of();
        }
    }

    private static ObjectNode labels(QueryFilters filters, String... keys) {
        ObjectNode passed = JsonNodeFactory.instance.objectNode();
        for (String key : keys) {
            if (filters.has(key)) {
                filters.all(key).forEach(passed.putArray(key)::add);
            }
        }
        return passed;
    }

    private static String query(ObjectNode filters) {
        return "filters=" + URLEncoder.encode(filters.toString(), StandardCharsets.UTF_8);
    }
}
