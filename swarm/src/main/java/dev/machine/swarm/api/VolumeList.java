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
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.volume.VolumeLocator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /volumes}: the volumes of all nodes, asked for when a client asks. */
final class VolumeList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_ENGINES = List.of("dangling", "driver", "label", "name");
    private static final Set<String> KNOWN = Set.of("dangling", "driver", "label", "name", "node");

    private final Cluster cluster;
    private final VolumeLocator locator;

    VolumeList(Cluster cluster, VolumeLocator locator) {
        this.cluster = cluster;
        this.locator = locator;
    }

    Response list(Call call) {
        QueryFilters filters = QueryFilters.of(call.target(), KNOWN);
        List<EngineCache> wanted =
                cluster.engines().stream()
                        .filter(engine -> filters.any("node", engine.name()::equals))
                        .toList();
        Map<EngineCache, JsonNode> answers =
                FanOutQuery.ask(wanted, engine -> volumes(engine, call, filters))
                        .answeredBySome("its volumes are missing");
        VolumeMerge volumes = new VolumeMerge(locator, call.version());
        Set<String> warnings = new LinkedHashSet<>();
        answers.forEach(
                (engine, answer) -> {
                    answer.path("Warnings").forEach(warning -> warnings.add(warning.asText()));
                    volumes.add(engine, answer.path("Volumes"));
                });
        if (filters.flag("dangling")) {
            volumes.dropUsedElsewhere();
        }
        List<ObjectNode> shown = volumes.merged();
        return new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                new Response.Live(out -> write(shown, warnings, out)));
    }

    private static JsonNode volumes(EngineCache engine, Call call, QueryFilters filters)
            throws IOException {
        Call asked = call.asking(query(engine, filters));
        try (EngineReply reply = EngineProxy.send(engine, asked, "/volumes")) {
            byte[] body = reply.whole(call.request().share());
            call.request().share().takeTree(body.length);
            if (reply.status() != 200) {
                throw new HttpProblem(reply.status(), LimitedJson.shortMessage(body));
            }
            return ExactJson.read(body);
        }
    }

    /** The filters that engines know, with names as this engine knows them. */
    private static String query(EngineCache engine, QueryFilters filters) {
        ObjectNode passed = JsonNodeFactory.instance.objectNode();
        String prefix = engine.name() + "/";
        for (String key : OF_ENGINES) {
            if (filters.has(key)) {
                ArrayNode values = passed.putArray(key);
                for (String value : filters.all(key)) {
                    boolean own = key.equals("name") && value.startsWith(prefix);
                    values.add(own ? value.substring(prefix.length()) : value);
                }
            }
        }
        return "filters=" + URLEncoder.encode(passed.toString(), StandardCharsets.UTF_8);
    }

    /** Written one by one: the whole list in memory, for each client, would take too much. */
    private static void write(List<ObjectNode> volumes, Set<String> warnings, OutputStream raw)
            throws IOException {
        OutputStream out = new BufferedOutputStream(raw);
        out.write("{\"Volumes\":[".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < volumes.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(ExactJson.write(volumes.get(i)));
        }
        String end = warnings.isEmpty() ? "null" : JSON.writeValueAsString(warnings);
        out.write(("],\"Warnings\":" + end + "}").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
