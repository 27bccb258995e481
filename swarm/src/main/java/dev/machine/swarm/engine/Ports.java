package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports of a container's list entry: those bound to any address are shown at the node's, once.
 */
record Ports(Set<String> published, Set<String> exposed, Set<HostPort> bound) {
    static Ports rewrite(ObjectNode entry, String ip) {
        Set<String> published = new HashSet<>();
        Set<String> exposed = new HashSet<>();
        Set<HostPort> bound = new HashSet<>();
        Set<JsonNode> seen = new HashSet<>();
        ArrayNode shown = entry.arrayNode();
        for (JsonNode port : entry.path("Ports")) {
            if (port instanceof ObjectNode object) {
                String host = HostPort.plain(object.path("IP").asText(""));
                if (object.has("IP") && host.equals(HostPort.ANY)) {
                    object.put("IP", ip);
                }
                String protocol = object.path("Type").asText("tcp");
                exposed.add(object.path("PrivatePort").asInt() + "/" + protocol);
                if (object.has("PublicPort")) {
                    int number = object.path("PublicPort").asInt();
                    published.add(number + "/" + protocol);
                    bound.add(new HostPort(protocol, host, number));
                }
            }
            if (seen.add(port)) {
                shown.add(port);
            }
        }
        entry.set("Ports", shown);
        return new Ports(Set.copyOf(published), Set.copyOf(exposed), Set.copyOf(bound));
    }
}
