package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;

/** What a container has of one network, as {@code NetworkSettings.Networks} shows it. */
final class FakeEndpoint {
    private static final ApiVersion HAS_DNS_NAMES = new ApiVersion(1, 44);
    private static final ApiVersion HAS_PRIORITY = new ApiVersion(1, 48);

    private FakeEndpoint() {}

    /** Of a network that it does not run in yet. */
    static ObjectNode idle(JsonNode asked, ApiVersion newest) {
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.putNull("IPAMConfig").putNull("Links").putNull("Aliases");
        boolean late = newest.compareTo(HAS_DNS_NAMES) < 0;
        if (!late) {
            endpoint.put("MacAddress", "");
        }
        if (newest.compareTo(HAS_PRIORITY) >= 0) {
            endpoint.putNull("DriverOpts").put("GwPriority", 0);
        }
        endpoint.put("NetworkID", "").put("EndpointID", "").put("Gateway", "");
        endpoint.put("IPAddress", "").put("IPPrefixLen", 0).put("IPv6Gateway", "");
        endpoint.put("GlobalIPv6Address", "").put("GlobalIPv6PrefixLen", 0);
        if (late) {
            endpoint.put("MacAddress", "");
        }
        if (!endpoint.has("DriverOpts")) {
            endpoint.putNull("DriverOpts");
        }
        if (!late) {
            endpoint.putNull("DNSNames");
        }
        if (asked instanceof ObjectNode object) {
            endpoint.setAll(object.deepCopy());
        }
        return endpoint;
    }

    /** Of a network that it ran in: the id of the network stays. */
    static ObjectNode stopped(ObjectNode running) {
        ObjectNode endpoint = running.deepCopy();
        endpoint.put("EndpointID", "").put("Gateway", "").put("IPAddress", "");
        return endpoint.put("IPPrefixLen", 0).put("MacAddress", "");
    }

    /** As lists of containers show it, without its names. */
    static ObjectNode listed(ObjectNode endpoint) {
        ObjectNode entry = endpoint.deepCopy();
        entry.putNull("Links").putNull("Aliases");
        if (entry.has("DNSNames")) {
            entry.putNull("DNSNames");
        }
        return entry;
    }

    static boolean isRunning(JsonNode endpoint) {
        return !endpoint.path("EndpointID").asText().isEmpty();
    }
}
