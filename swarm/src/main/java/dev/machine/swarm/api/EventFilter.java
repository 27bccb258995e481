package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.cluster.ClusterEvent;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.image.ImageName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which events a reader wants: the filters of an engine, and {@code node}. */
final class EventFilter {
    private static final Set<String> KNOWN =
            Set.of(
                    "container",
                    "event",
                    "image",
                    "label",
                    "type",
                    "volume",
                    "network",
                    "daemon",
                    "scope",
                    "node",
                    "plugin",
                    "service",
                    "secret",
                    "config");

    private final QueryFilters filters;
    private final Set<String> images;

    EventFilter(RequestTarget target) {
        filters = QueryFilters.of(target, KNOWN);
        images =
                filters.all("image").stream()
                        .map(ImageName::familiar)
                        .collect(Collectors.toUnmodifiableSet());
    }

    boolean accepts(ClusterEvent event) {
        JsonNode json = event.json();
        JsonNode actor = json.path("Actor");
        Map<String, String> attributes = new HashMap<>();
        actor.path("Attributes")
                .properties()
                .forEach(
                        attribute ->
                                attributes.put(attribute.getKey(), attribute.getValue().asText()));
        String action = json.path("Action").asText();
        return filters.any("node", event.node()::equals)
                && filters.any("type", json.path("Type").asText()::equals)
                && filters.any("scope", json.path("scope").asText()::equals)
                && filters.any(
                        "event", wanted -> action.equals(wanted) || action.startsWith(wanted + ":"))
                && filters.labels(attributes)
                && actor(event, attributes);
    }

    private boolean actor(ClusterEvent event, Map<String, String> attributes) {
        String type = event.json().path("Type").asText();
        String id = event.json().path("Actor").path("ID").asText();
        String name = attributes.getOrDefault("name", "");
        for (String kind :
                List.of(
                        "container",
                        "volume",
                        "network",
                        "daemon",
                        "plugin",
                        "service",
                        "secret",
                        "config")) {
            boolean asked =
                    filters.any(
                            kind,
                            wanted ->
                                    type.equals(kind)
                                            && (id.equals(wanted)
                                                    || (wanted.length() >= 4
                                                            && id.startsWith(wanted))
                                                    || List.of(id, name)
                                                            .contains(bare(wanted, event.node()))));
            if (!asked) {
                return false;
            }
        }
        String image = type.equals("image") ? id : attributes.getOrDefault("image", "");
        return images.isEmpty()
                || images.contains(ImageName.familiar(image))
                || images.contains(ImageName.familiar(name));
    }

    private static String bare(String wanted, String node) {
        String name = wanted.startsWith("/") ? wanted.substring(1) : wanted;
        String local = QualifiedName.on(node, name);
        return local == null ? name : local;
    }
}
