package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The images of all nodes, each once, however many nodes have it. */
final class ImageList {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANIFESTS = "manifests";

    /** Older engines do not know the parameter. */
    private static final ApiVersion MANIFESTS_SINCE = new ApiVersion(1, 47);

    private static final List<String> MEASURED =
            List.of("all", "shared-size", MANIFESTS, "identity");

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
        Map<EngineCache, List<ObjectNode>> accepted = new LinkedHashMap<>();
        (live ? measured(call) : known())
                .forEach(
                        (engine, entries) ->
                                accepted.put(
                                        engine,
                                        entries.stream()
                                                .filter(entry -> filter.accepts(engine, entry))
                                                .toList()));
        List<List<ObjectNode>> images = new ArrayList<>();
        for (List<ObjectNode> image : ImageMerge.groups(accepted, call.request().share())) {
            images.add(filter.narrows() ? List.of(narrowed(call, filter, image)) : image);
        }
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
            out.write(JSON.writeValueAsBytes(ImageMerge.merged(image)));
        }
        out.write(']');
        out.flush();
    }

    private static ObjectNode narrowed(Call call, ImageFilter filter, List<ObjectNode> image)
            throws IOException {
        ObjectNode one = ImageMerge.merged(image);
        call.request().share().takeTree(JSON.writeValueAsBytes(one).length);
        return filter.narrowed(one.deepCopy());
    }

    private Map<EngineCache, List<ObjectNode>> known() {
        Map<EngineCache, List<ObjectNode>> images = new LinkedHashMap<>();
        cluster.engines().forEach(engine -> images.put(engine, engine.images()));
        return images;
    }

    /** Asks the engines for details that are not cached; those that do not answer are left out. */
    private Map<EngineCache, List<ObjectNode>> measured(Call call) {
        List<String> flags = MEASURED.stream().filter(call.target()::flag).toList();
        return FanOutQuery.ask(cluster.engines(), engine -> images(call, engine, flags))
                .answered("its images are missing");
    }

    private static List<ObjectNode> images(Call call, EngineCache engine, List<String> flags)
            throws IOException {
        boolean manifests = flags.contains(MANIFESTS);
        Map<String, Long> containers = manifests ? containers(engine) : Map.of();
        String query =
                flags.stream()
                        .filter(
                                flag ->
                                        !flag.equals(MANIFESTS)
                                                || EngineParameters.speaks(
                                                        engine, ApiVersion.NEWEST, MANIFESTS_SINCE))
                        .map(flag -> flag + "=1")
                        .collect(Collectors.joining("&"));
        List<ObjectNode> images = new ArrayList<>();
        engine.entries(
                "/images/json" + (query.isEmpty() ? "" : "?" + query),
                raw -> {
                    if (images.size() == MAX_MEASURED) {
                        throw new TooLongException("it has more than 10000 images");
                    }
                    call.request().share().takeTree(raw.length);
                    ObjectNode entry = LimitedJson.object(raw);
                    if (manifests && entry.path("Containers").asLong(-1) < 0) {
                        String id = entry.path("Id").asText();
                        entry.put("Containers", containers.getOrDefault(id, 0L));
                    }
                    images.add(entry);
                });
        return images;
    }

    /**
     * How many containers use each image, for an engine that does not count them in its list. The
     * CLI 29 shows by it whether an image is in use.
     */
    private static Map<String, Long> containers(EngineCache engine) {
        return engine.containers().all().stream()
                .collect(
                        Collectors.groupingBy(
                                container -> container.image().id(), Collectors.counting()));
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
