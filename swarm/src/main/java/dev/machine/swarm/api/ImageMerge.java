package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.RequestMemory;
import dev.machine.swarm.image.ImageIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one entry of the entries that several engines have for one image. What they have in common
 * is their Id, or the digest in the registry if one engine has the containerd store and another has
 * not.
 */
final class ImageMerge {
    /** Bytes that a name takes for which images are compared. */
    private static final int KEY_BYTES = 128;

    private ImageMerge() {}

    /** An entry of one engine's list. */
    private record Held(Platform platform, boolean index, ObjectNode entry) {}

    /**
     * The entries of each image. The first one of each image is of the node that an inspection of
     * its name prefers, so both show the same Id.
     *
     * @param share of the client's request: an engine may have very many names for one image
     */
    static List<List<ObjectNode>> groups(
            Map<EngineCache, List<ObjectNode>> lists, RequestMemory.Share share) {
        Map<String, List<Held>> byId = new LinkedHashMap<>();
        lists.forEach(
                (engine, entries) -> {
                    Platform platform = ImageVariants.platform(engine);
                    for (ObjectNode entry : entries) {
                        byId.computeIfAbsent(entry.path("Id").asText(), id -> new ArrayList<>(1))
                                .add(new Held(platform, ImageIds.isIndex(entry), entry));
                    }
                });
        join(byId, share);
        List<List<ObjectNode>> groups = new ArrayList<>();
        for (List<Held> held : byId.values()) {
            held.sort(
                    Comparator.comparing(Held::platform, ImageVariants.PREFERENCE)
                            .thenComparing(Held::index));
            groups.add(held.stream().map(Held::entry).toList());
        }
        return groups;
    }

    /** Adds to each index the images of other stores that are the same. */
    private static void join(Map<String, List<Held>> byId, RequestMemory.Share share) {
        Set<String> indexes = new LinkedHashSet<>();
        byId.forEach(
                (id, held) -> {
                    if (held.stream().anyMatch(Held::index)) {
                        indexes.add(id);
                    }
                });
        if (indexes.isEmpty()) {
            return;
        }
        Map<String, Set<String>> others = new HashMap<>();
        byId.forEach(
                (id, held) -> {
                    for (Held one : held) {
                        for (String key : one.index ? Set.<String>of() : keys(one.entry, indexes)) {
                            share.take(KEY_BYTES);
                            others.computeIfAbsent(key, k -> new LinkedHashSet<>(1)).add(id);
                        }
                    }
                });
        for (String id : indexes) {
            List<Held> held = byId.getOrDefault(id, List.of());
            Set<String> keys = new LinkedHashSet<>(Set.of(id));
            held.stream().filter(Held::index).forEach(one -> keys.addAll(tags(one.entry)));
            for (String key : keys) {
                for (String other : others.getOrDefault(key, Set.of())) {
                    List<Held> same = byId.remove(other);
                    if (same != null) {
                        held.addAll(same);
                    }
                }
            }
        }
    }

    /**
     * What an image that is called by its configuration may have in common with an index: a digest.
     * Without any digest it was built or loaded, and only its tags tell what it is.
     */
    private static Set<String> keys(ObjectNode entry, Set<String> indexes) {
        Set<String> digests = ImageIds.digests(entry);
        if (digests.isEmpty()) {
            return tags(entry);
        }
        digests.retainAll(indexes);
        return digests;
    }

    private static Set<String> tags(ObjectNode entry) {
        Set<String> tags = new LinkedHashSet<>();
        for (JsonNode tag : entry.path("RepoTags")) {
            if (!tag.asText().equals("<none>:<none>")) {
                tags.add(tag.asText());
            }
        }
        return tags;
    }

    /** One entry with the names and containers of all, and the size of the largest. */
    static ObjectNode merged(List<ObjectNode> entries) {
        if (entries.size() == 1) {
            return entries.getFirst();
        }
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.setAll(entries.getFirst());
        for (String key : List.of("RepoTags", "RepoDigests")) {
            one.set(key, union(entries.stream().map(entry -> entry.path(key)).toList()));
        }
        if (one.has("Containers")) {
            one.put("Containers", sum(entries, "Containers"));
        }
        for (String key : List.of("Size", "SharedSize", "VirtualSize")) {
            if (one.has(key)) {
                one.put(key, largest(entries.stream().map(entry -> entry.path(key)).toList()));
            }
        }
        if (entries.stream().anyMatch(entry -> entry.has("Manifests"))) {
            one.set("Manifests", manifests(entries));
        }
        return one;
    }

    /** The sum of a number over all entries that have it; -1 if none has, as engines say it. */
    static long sum(List<ObjectNode> entries, String key) {
        List<Long> known =
                entries.stream()
                        .map(entry -> entry.path(key).asLong(-1))
                        .filter(value -> value >= 0)
                        .toList();
        return known.isEmpty() ? -1 : known.stream().mapToLong(Long::longValue).sum();
    }

    private static long largest(List<JsonNode> values) {
        return values.stream().mapToLong(value -> value.asLong(-1)).max().orElse(-1);
    }

    private static ArrayNode union(List<JsonNode> lists) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Set<String> seen = new HashSet<>();
        for (JsonNode list : lists) {
            for (JsonNode value : list) {
                if (seen.add(value.asText())) {
                    all.add(value);
                }
            }
        }
        return all;
    }

    /** The manifests of an image by their digest: a node may have some of them only. */
    private static ArrayNode manifests(List<ObjectNode> entries) {
        Map<String, List<JsonNode>> byId = new LinkedHashMap<>();
        for (ObjectNode entry : entries) {
            for (JsonNode manifest : entry.path("Manifests")) {
                byId.computeIfAbsent(manifest.path("ID").asText(), id -> new ArrayList<>(1))
                        .add(manifest);
            }
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        byId.values().forEach(same -> all.add(manifest(same)));
        return all;
    }

    private static JsonNode manifest(List<JsonNode> same) {
        if (same.size() == 1 || !(same.getFirst().deepCopy() instanceof ObjectNode one)) {
            return same.getFirst();
        }
        one.put("Available", same.stream().anyMatch(each -> each.path("Available").asBoolean()));
        largest(one, same, "Size", "Content");
        largest(one, same, "Size", "Total");
        if (one.get("ImageData") instanceof ObjectNode data) {
            List<JsonNode> all = same.stream().map(each -> each.path("ImageData")).toList();
            data.set("Containers", union(all.stream().map(d -> d.path("Containers")).toList()));
            largest(data, all, "Size", "Unpacked");
        }
        return one;
    }

    private static void largest(ObjectNode one, List<JsonNode> same, String group, String key) {
        if (one.get(group) instanceof ObjectNode sizes && sizes.has(key)) {
            sizes.put(key, largest(same.stream().map(e -> e.path(group).path(key)).toList()));
        }
    }
}
