package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;

/**
 * API 1.44 moved a container's MAC address to the settings of its network. Clients are told a newer
 * version, so they write it there; engines before 1.44 read it at its old place only. (Newer ones
 * still read the old place too.)
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
