package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports of a container as a client sees them. A port that is bound to any address is shown with
 * the node's address, and only once, although engines bind it for IPv4 and for IPv6.
 *
 * @param published of the node, as {@code 8080/tcp}
 * @param exposed of the container, as {@code 80/tcp}
 * @param bound ports of the node that no other container can have
 */
public record ContainerPorts(Set<String> published, Set<String> exposed, Set<PortBinding> bound) {

    /** Rewrites the ports of a list entry and reads them. */
    static ContainerPorts rewrite(ObjectNode entry, String ip) {
        Set<String> published = new HashSet<>();
        Set<String> exposed = new HashSet<>();
        Set<PortBinding> bound = new HashSet<>();
        Set<List<String>> seen = new HashSet<>();
        ArrayNode shown = entry.arrayNode();
        for (JsonNode port : entry.path("Ports")) {
            if (port instanceof ObjectNode object) {
                String host = PortBinding.plain(object.path("IP").asText(""));
                if (object.has("IP") && host.equals(PortBinding.ANY)) {
                    object.put("IP", ip);
                }
                String protocol = object.path("Type").asText("tcp");
                exposed.add(object.path("PrivatePort").asInt() + "/" + protocol);
                if (object.has("PublicPort")) {
                    int number = object.path("PublicPort").asInt();
                    published.add(number + "/" + protocol);
                    bound.add(new PortBinding(protocol, host, number));
                }
            }
            if (seen.add(
                    List.of(
                            port.path("IP").asText(""),
                            port.path("PrivatePort").asText(""),
                            port.path("PublicPort").asText(""),
                            port.path("Type").asText("tcp")))) {
                shown.add(port);
            }
        }
        entry.set("Ports", shown);
        return new ContainerPorts(Set.copyOf(published), Set.copyOf(exposed), Set.copyOf(bound));
    }

    /** The same with ports of the node that it holds besides. */
    ContainerPorts with(Set<PortBinding> more) {
        Set<PortBinding> all = new HashSet<>(more);
        all.addAll(bound);
        return new ContainerPorts(published, exposed, Set.copyOf(all));
    }

    /**
     * Rewrites the bindings of a container's details.
     *
     * @param ports {@code NetworkSettings.Ports}
     */
    public static void showBindings(JsonNode ports, String ip) {
        for (JsonNode bindings : ports) {
            Set<List<String>> seen = new HashSet<>();
            for (var all = bindings.elements(); all.hasNext(); ) {
                JsonNode binding = all.next();
                String host = PortBinding.plain(binding.path("HostIp").asText(""));
                if (binding instanceof ObjectNode object && host.equals(PortBinding.ANY)) {
                    object.put("HostIp", ip);
                }
                if (!seen.add(
                        List.of(
                                binding.path("HostIp").asText(""),
                                binding.path("HostPort").asText("")))) {
                    all.remove();
                }
            }
        }
    }
}
