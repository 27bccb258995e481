package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.TooLongException;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The images of all nodes, each once, however many nodes have it. */
final class ImageList {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MEASURED =
            List.of("all", "shared-size", "manifests", "identity");

    /** Images of one node that are read for one client. */
    private static final int MAX_MEASURED = 10_000;

    private final Cluster cluster;

    ImageList(Cluster cluster) {
        this.cluster = cluster;
    }

    Response list(Call call) throws IOException {
        cluster.awaitFresh();
        ImageFilter filter = new ImageFilter(call.target(), this::created);
        boolean live = MEASURED.stream().anyMatch(call.target()::flag);
        Map<String, List<ObjectNode>> byId = new LinkedHashMap<>();
        for (Map.Entry<EngineCache, List<ObjectNode>> entry :
                (live ? measured(call) : known()).entrySet()) {
            for (ObjectNode image : entry.getValue()) {
                if (filter.accepts(entry.getKey(), image)) {
                    byId.computeIfAbsent(image.path("Id").asText(), id -> new ArrayList<>(1))
                            .add(filter.narrows() ? narrowed(call, filter, image) : image);
                }
            }
        }
        List<List<ObjectNode>> images = new ArrayList<>(byId.values());
        // Sorted by Id too, so that images of the same age always have the same order.
        images.sort(
                Comparator.<List<ObjectNode>>comparingLong(
                                image -> -image.getFirst().path("Created").asLong())
                        .thenComparing(image -> image.getFirst().path("Id").asText()));
        // Written one by one: the whole list in memory, for each client, would take too much.
        return new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                new Response.Live(out -> write(images, out)));
    }

    private static void write(List<List<ObjectNode>> images, OutputStream raw) throws IOException {
        OutputStream out = new BufferedOutputStream(raw, BUFFER_BYTES);
        out.write('[');
        boolean first = true;
        for (List<ObjectNode> image : images) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.write(JSON.writeValueAsBytes(image.size() == 1 ? image.getFirst() : merged(image)));
        }
        out.write(']');
        out.flush();
    }

    private static ObjectNode narrowed(Call call, ImageFilter filter, ObjectNode image)
            throws IOException {
        call.request().share().takeTree(JSON.writeValueAsBytes(image).length);
        return filter.narrowed(image.deepCopy());
    }

    private Map<EngineCache, List<ObjectNode>> known() {
        Map<EngineCache, List<ObjectNode>> images = new LinkedHashMap<>();
        cluster.engines().forEach(engine -> images.put(engine, engine.images()));
        return images;
    }

    /** Asks the engines for details that are not cached; those that do not answer are left out. */
    private Map<EngineCache, List<ObjectNode>> measured(Call call) {
        StringBuilder query = new StringBuilder("/images/json?");
        MEASURED.stream()
                .filter(call.target()::flag)
                .forEach(flag -> query.append(flag).append("=1&"));
        return FanOutQuery.ask(cluster.engines(), engine -> images(call, engine, query.toString()))
                .answered("its images are missing");
    }

    private static List<ObjectNode> images(Call call, EngineCache engine, String path)
            throws IOException {
        List<ObjectNode> images = new ArrayList<>();
        engine.entries(
                path,
                entry -> {
                    if (images.size() == MAX_MEASURED) {
                        throw new TooLongException("it has more than 10000 images");
                    }
                    call.request().share().takeTree(entry.length);
                    images.add(LimitedJson.object(entry));
                });
        return images;
    }

    /** One image that several engines have, with the names of all of them. */
    private static ObjectNode merged(List<ObjectNode> images) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.setAll(images.getFirst());
        for (String key : List.of("RepoTags", "RepoDigests")) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            Set<String> seen = new HashSet<>();
            for (ObjectNode image : images) {
                for (JsonNode name : image.path(key)) {
                    if (seen.add(name.asText())) {
                        all.add(name);
                    }
                }
            }
            one.set(key, all);
        }
        return one;
    }

    private long created(String name) {
        for (EngineCache engine : cluster.engines()) {
            for (ObjectNode image : engine.images()) {
                if (ImageLocator.has(image, name)) {
                    return image.path("Created").asLong();
                }
            }
        }
        throw new HttpProblem(404, "No such image: " + name);
    }
}
