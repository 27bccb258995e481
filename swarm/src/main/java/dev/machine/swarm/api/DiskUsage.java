package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.volume.VolumeLocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /system/df}: the disk usage of all nodes together, in the form of API 1.51 and older.
 * A node that does not answer in time is left out and named in the log.
 */
final class DiskUsage {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Since this version a client may choose what is measured. */
    private static final ApiVersion TYPES = new ApiVersion(1, 42);

    /** The newest version in which images have a {@code VirtualSize}; the CLI 20.10 adds it up. */
    private static final ApiVersion VIRTUAL_SIZE = new ApiVersion(1, 43);

    /** The deadline in deadlines of a list: an engine walks through all files of its volumes. */
    private static final int DEADLINE_IN_LISTS = 6;

    private final Cluster cluster;

    DiskUsage(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is measured, with its name in a query and in an answer. */
    private enum Part {
        CONTAINERS("container", "Containers"),
        IMAGES("image", "Images"),
        VOLUMES("volume", "Volumes"),
        BUILD_CACHE("build-cache", "BuildCache");

        private final String type;
        private final String key;

        Part(String type, String key) {
            this.type = type;
            this.key = key;
        }

        static Part of(String type) {
            for (Part part : values()) {
                if (part.type.equals(type)) {
                    return part;
                }
            }
            // The sentence of moby, system_routes.go getDiskUsage.
            throw new HttpProblem(400, "unknown object type: " + type);
        }
    }

    Response df(Call call) {
        List<Part> chosen =
                call.version().compareTo(TYPES) < 0
                        ? List.of()
                        : call.target().parameters("type").stream()
                                .map(Part::of)
                                .distinct()
                                .toList();
        Map<EngineCache, JsonNode> answers =
                FanOutQuery.ask(cluster.engines(), engine -> ask(engine, call, chosen))
                        .answeredBySome("its disk usage is missing");
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        for (Part part : chosen.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(chosen)) {
            switch (part) {
                case IMAGES -> images(sum, answers, call);
                case CONTAINERS -> containers(sum, answers, NameStyle.of(call.request()));
                case VOLUMES -> volumes(sum, answers, call.version());
                case BUILD_CACHE ->
                        all(answers, part).values().forEach(sum.withArray("/" + part.key)::addAll);
            }
        }
        if (call.version().compareTo(TYPES) < 0) {
            sum.put("BuilderSize", sum(answers, "BuilderSize"));
        }
        return new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                new Response.Live(out -> out.write(JSON.writeValueAsBytes(sum))));
    }

    private static JsonNode ask(EngineCache engine, Call call, List<Part> chosen)
            throws IOException {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            throw new IOException("the node has left the swarm");
        }
        ApiVersion version = facts.speak(call.version());
        StringBuilder path = new StringBuilder("/v" + version + "/system/df");
        if (version.compareTo(TYPES) >= 0) {
            for (Part part : chosen) {
                path.append(part == chosen.getFirst() ? '?' : '&').append("type=");
                path.append(part.type);
            }
        }
        // Not the client's own: the deadline of one node cancels it.
        Cancellation own = new Cancellation();
        EngineRequest request =
                new EngineRequest("GET", path.toString(), Headers.NONE, RequestBody.none(), own);
        Duration deadline = engine.timings().list().multipliedBy(DEADLINE_IN_LISTS);
        try (Cancellation.Attachment _ = call.request().cancellation().attach(own::cancel)) {
            Answer answer = engine.client().call(request, deadline);
            call.request().share().takeTree(answer.body().length);
            if (answer.status() != 200) {
                throw new HttpProblem(answer.status(), LimitedJson.shortMessage(answer.body()));
            }
            return LimitedJson.tree(answer.body());
        }
    }

    /** The entries of one part; an engine that does not know types sends all parts. */
    private static Map<EngineCache, List<ObjectNode>> all(
            Map<EngineCache, JsonNode> answers, Part part) {
        Map<EngineCache, List<ObjectNode>> all = new LinkedHashMap<>();
        answers.forEach(
                (engine, answer) -> {
                    List<ObjectNode> entries = new ArrayList<>();
                    for (JsonNode entry : answer.path(part.key)) {
                        if (entry instanceof ObjectNode object) {
                            entries.add(object);
                        }
                    }
                    all.put(engine, entries);
                });
        return all;
    }

    private static long sum(Map<EngineCache, JsonNode> answers, String key) {
        return answers.values().stream().mapToLong(answer -> answer.path(key).asLong()).sum();
    }

    /** An image that several nodes have takes its size on each of them. */
    private static void images(ObjectNode sum, Map<EngineCache, JsonNode> answers, Call call) {
        sum.put("LayersSize", sum(answers, "LayersSize"));
        ArrayNode images = sum.putArray(Part.IMAGES.key);
        for (List<ObjectNode> group :
                ImageMerge.groups(all(answers, Part.IMAGES), call.request().share())) {
            ObjectNode image = ImageMerge.merged(group);
            for (String key : List.of("Size", "SharedSize")) {
                if (image.has(key)) {
                    image.put(key, ImageMerge.sum(group, key));
                }
            }
            if (call.version().compareTo(VIRTUAL_SIZE) <= 0) {
                image.set("VirtualSize", image.path("Size"));
            }
            images.add(image);
        }
    }

    private static void containers(
            ObjectNode sum, Map<EngineCache, JsonNode> answers, NameStyle style) {
        ArrayNode containers = sum.putArray(Part.CONTAINERS.key);
        all(answers, Part.CONTAINERS)
                .forEach(
                        (engine, entries) -> {
                            for (ObjectNode entry : entries) {
                                ArrayNode names = entry.arrayNode();
                                for (JsonNode name : entry.path("Names")) {
                                    String bare = QualifiedName.bare(name.asText());
                                    names.add(style.listed(engine.name(), bare));
                                }
                                entry.set("Names", names);
                                Container.showNetworkIds(
                                        entry.path("NetworkSettings").path("Networks"),
                                        engine.networks());
                                containers.add(entry);
                            }
                        });
    }

    private void volumes(ObjectNode sum, Map<EngineCache, JsonNode> answers, ApiVersion version) {
        VolumeMerge volumes = new VolumeMerge(new VolumeLocator(cluster), version);
        answers.forEach((engine, answer) -> volumes.add(engine, answer.path(Part.VOLUMES.key)));
        sum.putArray(Part.VOLUMES.key).addAll(volumes.merged());
    }
}
