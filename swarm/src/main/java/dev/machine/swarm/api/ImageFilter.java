package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.match.Globs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Which images a list shows: the filters of an engine, and {@code node}. */
final class ImageFilter {
    private static final Set<String> KNOWN =
            Set.of("node", "label", "reference", "dangling", "before", "since");

    private final QueryFilters filters;
    private final long before;
    private final long since;
    private final Map<String, LinearPattern> globs = new HashMap<>();

    ImageFilter(RequestTarget target, ToLongFunction<String> created) {
        filters = QueryFilters.of(target, KNOWN);
        for (String glob : filters.all("reference")) {
            try {
                globs.put(glob, Globs.path(glob));
            } catch (BadPatternException e) {
                // It is not a valid glob, but it may be a name.
            }
        }
        before = filters.all("before").stream().mapToLong(created).min().orElse(Long.MAX_VALUE);
        since = filters.all("since").stream().mapToLong(created).max().orElse(Long.MIN_VALUE);
    }

    boolean accepts(EngineCache engine, ObjectNode image) {
        Map<String, String> labels = new HashMap<>();
        image.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        List<String> tags = tags(image);
        long created = image.path("Created").asLong();
        return filters.any("node", engine.name()::equals)
                && filters.labels(labels)
                && filters.any(
                        "reference",
                        pattern -> tags.stream().anyMatch(tag -> matches(pattern, tag)))
                && filters.any(
                        "dangling",
                        wanted -> (wanted.equals("true") || wanted.equals("1")) == tags.isEmpty())
                && created < before
                && created > since;
    }

    /** Whether {@link #narrowed} may remove names. */
    boolean narrows() {
        return !filters.all("reference").isEmpty();
    }

    /** Removes the names of an image that were not asked for, as an engine does. */
    ObjectNode narrowed(ObjectNode image) {
        for (String key : List.of("RepoTags", "RepoDigests")) {
            if (image.path(key) instanceof ArrayNode names) {
                names.removeIf(
                        name ->
                                !filters.any(
                                        "reference", pattern -> matches(pattern, name.asText())));
            }
        }
        return image;
    }

    private static List<String> tags(ObjectNode image) {
        List<String> tags = new ArrayList<>();
        for (JsonNode tag : image.path("RepoTags")) {
            if (!tag.asText().equals("<none>:<none>")) {
                tags.add(tag.asText());
            }
        }
        return tags;
    }

    /** Whether a glob matches a name, with or without its tag. */
    private boolean matches(String pattern, String tag) {
        LinearPattern glob = globs.get(pattern);
        return glob == null
                ? pattern.equals(tag)
                : filters.budget().found(glob, tag)
                        || filters.budget().found(glob, repository(tag));
    }

    private static String repository(String tag) {
        int at = tag.indexOf('@');
        String name = at < 0 ? tag : tag.substring(0, at);
        int colon = at < 0 ? name.indexOf(':', name.lastIndexOf('/') + 1) : -1;
        return colon < 0 ? name : name.substring(0, colon);
    }
}
