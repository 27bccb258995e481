package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.StatusText;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /containers/json}: all containers of all nodes, newest first. */
final class ContainerList {
    private static final String LIST_WITH_SIZES = "/containers/json?all=1&size=1";
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Cluster cluster;
    private final InstantSource clock;

    ContainerList(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    Response list(Call call) {
        cluster.awaitFresh();
        int limit = number(call);
        ContainerFilter filter = new ContainerFilter(call.target(), cluster, limit);
        List<Located> chosen = new ArrayList<>();
        for (EngineCache engine : cluster.engines()) {
            for (Container container : engine.containers().all()) {
                Located located = new Located(engine, container);
                if (filter.accepts(located)) {
                    chosen.add(located);
                }
            }
        }
        chosen.sort(
                Comparator.<Located>comparingLong(located -> -located.container().created())
                        .thenComparing(Located::fullName));
        List<Located> shown =
                limit > 0 && limit < chosen.size() ? chosen.subList(0, limit) : chosen;
        Map<String, ObjectNode> sizes = call.target().flag("size") ? sizes(shown) : Map.of();
        return new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                new Response.Live(out -> write(shown, NameStyle.of(call.request()), sizes, out)));
    }

    private static int number(Call call) {
        String limit = call.target().parameter("limit");
        try {
            return limit == null || limit.isBlank() ? -1 : Integer.parseInt(limit);
        } catch (NumberFormatException e) {
            throw new HttpProblem(400, "limit is not a number: " + limit);
        }
    }

    private void write(
            List<Located> shown, NameStyle style, Map<String, ObjectNode> sizes, OutputStream raw)
            throws IOException {
        Instant now = clock.instant();
        OutputStream out = new BufferedOutputStream(raw, BUFFER_BYTES);
        out.write('[');
        boolean first = true;
        for (Located located : shown) {
            if (!first) {
                out.write(',');
            }
            first = false;
            ObjectNode entry = sizes.get(located.container().id());
            String status =
                    located.engine().status().healthy()
                            ? StatusText.at(now, located.container())
                            : "Host Down";
            (entry == null ? located.container() : located.container().sized(entry))
                    .writeTo(out, style.listed(located), status);
        }
        out.write(']');
        out.write('\n');
        out.flush();
    }

    /** The sizes of containers by id; only the engines can measure them. */
    private static Map<String, ObjectNode> sizes(List<Located> shown) {
        Map<String, ObjectNode> sizes = new HashMap<>();
        FanOutQuery.ask(
                        shown.stream().map(Located::engine).distinct().toList(),
                        ContainerList::sizes)
                .answered("the sizes of its containers are missing")
                .values()
                .forEach(sizes::putAll);
        return sizes;
    }

    private static ObjectNode measured(ObjectNode entry) {
        ObjectNode sizes = entry.objectNode();
        for (String key : List.of("SizeRw", "SizeRootFs")) {
            if (entry.path(key).canConvertToLong()) {
                sizes.put(key, entry.path(key).asLong());
            }
        }
        return sizes;
    }

    private static Map<String, ObjectNode> sizes(EngineCache engine) throws IOException {
        Map<String, ObjectNode> sizes = new HashMap<>();
        engine.entries(
                LIST_WITH_SIZES,
                raw -> {
                    ObjectNode entry = LimitedJson.object(raw);
                    String id = entry.path("Id").asText();
                    if (engine.containers().byId(id) != null) {
                        sizes.put(id, measured(entry));
                    }
                });
        return sizes;
    }
}
