package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports of a container's list entry: those bound to any address are shown at the node's, once.
 */
record Ports(Set<String> published, Set<String> exposed) {
    static Ports rewrite(ObjectNode entry, String ip) {
        Set<String> published = new HashSet<>();
        Set<String> exposed = new HashSet<>();
        Set<JsonNode> seen = new HashSet<>();
        ArrayNode shown = entry.arrayNode();
        for (JsonNode port : entry.path("Ports")) {
            if (port instanceof ObjectNode object) {
                String host = object.path("IP").asText("");
                if (host.equals("0.0.0.0") || host.equals("::")) {
                    object.put("IP", ip);
                }
                String type = "/" + object.path("Type").asText("tcp");
                exposed.add(object.path("PrivatePort").asInt() + type);
                if (object.has("PublicPort")) {
                    published.add(object.path("PublicPort").asInt() + type);
                }
            }
            if (seen.add(port)) {
                shown.add(port);
            }
        }
        entry.set("Ports", shown);
        return new Ports(Set.copyOf(published), Set.copyOf(exposed));
    }
}
