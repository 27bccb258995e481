package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;

/**
 * Copies a container's MAC address to where older engines read it. API 1.44 moved it to the
 * settings of the network. Clients see a newer version and write it there; engines before 1.44 read
 * only the old place, and newer ones still read both.
 */
final class MacAddress {
    private static final ApiVersion MOVED = new ApiVersion(1, 44);

    private MacAddress() {}

    static void adapt(ObjectNode settings, ApiVersion version) {
        if (version.compareTo(MOVED) >= 0 || !settings.path("MacAddress").asText("").isEmpty()) {
            return;
        }
        for (JsonNode endpoint : settings.path("NetworkingConfig").path("EndpointsConfig")) {
            String address = endpoint.path("MacAddress").asText("");
            if (!address.isEmpty()) {
                settings.put("MacAddress", address);
                return;
            }
        }
    }
}
