package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineMirror;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.TooLongException;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Images of all nodes: one entry an image however many nodes have it. */
final class ImageList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MEASURED =
            List.of("all", "shared-size", "manifests", "identity");

    /** Images of one node that are measured for one client. */
    private static final int MOST_MEASURED = 10_000;

    private final Cluster cluster;

    ImageList(Cluster cluster) {
        this.cluster = cluster;
    }

    Response list(Call call) throws IOException {
        cluster.settle();
        ImageFilter filter = new ImageFilter(call.target(), this::created);
        boolean live = MEASURED.stream().anyMatch(call.target()::flag);
        Map<String, ObjectNode> byId = new LinkedHashMap<>();
        for (Map.Entry<EngineMirror, List<ObjectNode>> entry :
                (live ? measured(call) : known()).entrySet()) {
            for (ObjectNode image : entry.getValue()) {
                if (filter.accepts(entry.getKey(), image)) {
                    byId.merge(
                            image.path("Id").asText(),
                            filter.narrowed(image.deepCopy()),
                            ImageList::merge);
                }
            }
        }
        List<ObjectNode> images = new ArrayList<>(byId.values());
        // Images of one age stay in one order, whichever engine told of them first.
        images.sort(
                Comparator.<ObjectNode>comparingLong(image -> -image.path("Created").asLong())
                        .thenComparing(image -> image.path("Id").asText()));
        return Response.json(200, JSON.writeValueAsBytes(images));
    }

    private Map<EngineMirror, List<ObjectNode>> known() {
        Map<EngineMirror, List<ObjectNode>> images = new LinkedHashMap<>();
        cluster.engines().forEach(engine -> images.put(engine, engine.images()));
        return images;
    }

    /** What is not kept here; an engine that does not answer is left out. */
    private Map<EngineMirror, List<ObjectNode>> measured(Call call) {
        StringBuilder query = new StringBuilder("/images/json?");
        MEASURED.stream()
                .filter(call.target()::flag)
                .forEach(flag -> query.append(flag).append("=1&"));
        return FanOut.ask(cluster.engines(), engine -> images(engine, query.toString()))
                .answered("images not listed");
    }

    private static List<ObjectNode> images(EngineMirror engine, String path) throws IOException {
        List<ObjectNode> images = new ArrayList<>();
        engine.entries(
                path,
                entry -> {
                    if (images.size() == MOST_MEASURED) {
                        throw new TooLongException("it has more than 10000 images");
                    }
                    images.add(LimitedJson.object(entry));
                });
        return images;
    }

    private static ObjectNode merge(ObjectNode one, ObjectNode other) {
        for (String key : List.of("RepoTags", "RepoDigests")) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            List<String> seen = new ArrayList<>();
            for (ObjectNode image : List.of(one, other)) {
                for (JsonNode name : image.path(key)) {
                    if (!seen.contains(name.asText())) {
                        seen.add(name.asText());
                        all.add(name);
                    }
                }
            }
            one.set(key, all);
        }
        return one;
    }

    private long created(String name) {
        for (EngineMirror engine : cluster.engines()) {
            for (ObjectNode image : engine.images()) {
                if (ImageOwners.has(image, name)) {
                    return image.path("Created").asLong();
                }
            }
        }
        throw new HttpProblem(404, "No such image: " + name);
    }
}
