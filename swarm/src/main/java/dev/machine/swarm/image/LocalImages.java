package dev.machine.swarm.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.Platform;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which images each node has, by name and by id, and what they are built for. */
final class LocalImages {
    /** The platform of an image that could not be inspected: every node may run it. */
    private static final Platform ANY = new Platform("linux", "", "");

    private static final int MAX_KNOWN_IDS = 10_000;

    private final ConcurrentMap<EngineCache, Index> indexes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<Platform>> platforms =
            new ConcurrentHashMap<>();

    /**
     * What a list of images is searched by.
     *
     * @param ids by familiar name
     * @param indexes the ids that are digests of an index
     */
    private record Index(List<ObjectNode> images, Map<String, String> ids, Set<String> indexes) {}

    /** The id of the image with this familiar name on a node; null if the node does not have it. */
    @Nullable String id(EngineCache engine, String familiar) {
        return index(engine).ids.get(familiar);
    }

    // The cache of an engine replaces its list as a whole, so the same list has the same index.
    @SuppressWarnings("ReferenceEquality")
    private Index index(EngineCache engine) {
        List<ObjectNode> images = engine.images();
        Index index = indexes.get(engine);
        if (index == null || index.images != images) {
            index = new Index(images, ids(images), indexes(images));
            indexes.put(engine, index);
        }
        return index;
    }

    private static Map<String, String> ids(List<ObjectNode> images) {
        Map<String, String> ids = new HashMap<>();
        for (ObjectNode image : images) {
            String id = image.path("Id").asText();
            for (String key : List.of("RepoTags", "RepoDigests")) {
                for (JsonNode name : image.path(key)) {
                    ids.put(ImageName.familiar(name.asText()), id);
                }
            }
        }
        return ids;
    }

    private static Set<String> indexes(List<ObjectNode> images) {
        return images.stream()
                .filter(ImageIds::isIndex)
                .map(image -> image.path("Id").asText())
                .collect(Collectors.toSet());
    }

    /** Forgets nodes that have left. */
    void keep(Collection<EngineCache> engines) {
        if (indexes.size() > engines.size()) {
            indexes.keySet().retainAll(engines);
        }
    }

    /** What an image on a node is built for; one node is asked once for every image. */
    Platform platform(EngineCache engine, String id, long end) {
        if (platforms.size() > MAX_KNOWN_IDS) {
            platforms.clear();
        }
        String key = key(engine, id);
        CompletableFuture<Platform> flight = platforms.get(key);
        if (flight == null) {
            flight = ask(engine, id, key);
        }
        try {
            return flight.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return ANY;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ANY;
        }
    }

    /** An index means another variant on nodes of another platform, so each platform is asked. */
    private String key(EngineCache engine, String id) {
        EngineFacts facts = engine.status().facts();
        return facts != null && index(engine).indexes.contains(id)
                ? id + " on " + facts.platform()
                : id;
    }

    private CompletableFuture<Platform> ask(EngineCache engine, String id, String key) {
        CompletableFuture<Platform> mine = new CompletableFuture<>();
        CompletableFuture<Platform> other = platforms.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual()
                .name("platform-" + engine.name())
                .start(() -> inspect(engine, id, key, mine));
        return mine;
    }

    private void inspect(
            EngineCache engine, String id, String key, CompletableFuture<Platform> flight) {
        Platform platform = ANY;
        try {
            JsonNode image = engine.get("/images/" + id + "/json", engine.timings().inspect());
            Platform told =
                    Platform.ofImage(
                            image.path("Os").asText("linux"),
                            image.path("Architecture").asText(""),
                            image.path("Variant").asText(""));
            // Attestations, which builders add to an image, have the platform "unknown/unknown".
            platform = told.os().equals("unknown") ? ANY : told;
        } catch (IOException | RuntimeException | Error e) {
            // Asked again next time.
            platforms.remove(key, flight);
        } finally {
            flight.complete(platform);
        }
    }
}
