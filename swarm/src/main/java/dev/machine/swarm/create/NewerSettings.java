package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.schedule.PlacementRequest.Need;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings of a container that an older engine ignores or refuses, with the version of the API that
 * brought them (moby, api/docs/CHANGELOG.md). A container that uses one goes to an engine that
 * knows it. A client of an older version cannot use them: engines ignore or refuse them as they do
 * for that version. {@code Healthcheck.StartInterval} (1.44) is left out, because an engine that
 * ignores it only checks less often.
 */
public final class NewerSettings {
    private static final Need CREATE_MOUNTPOINT = need("BindOptions.CreateMountpoint", 42);
    private static final Need ANNOTATIONS = need("Annotations", 43);
    private static final Need FORCE_RECURSIVE = need("BindOptions.ReadOnlyForceRecursive", 44);
    private static final Need SUBPATH = need("VolumeOptions.Subpath", 45);
    private static final Need TMPFS_OPTIONS = need("TmpfsOptions.Options", 46);
    private static final Need IMAGE_MOUNT = need("mounts of type image", 48);
    private static final Need SEVERAL_ADDRESSES = need("a MacAddress for each network", 44);
    private static final Need GATEWAY_PRIORITY = need("GwPriority", 48);

    private static final Need SYSCTLS = need("com.docker.network.endpoint.sysctls", 46);
    private static final Need INTERFACE_NAME = need("com.docker.network.endpoint.ifname", 49);

    private final Set<Need> found = new LinkedHashSet<>();

    private NewerSettings() {}

    private static Need need(String setting, int minor) {
        return new Need(setting, new ApiVersion(1, minor));
    }

    /**
     * The settings that a container uses.
     *
     * @param client the version that the client speaks
     */
    static List<Need> in(JsonNode settings, ApiVersion client) {
        NewerSettings newer = new NewerSettings();
        JsonNode host = settings.path("HostConfig");
        newer.add(ANNOTATIONS, !host.path("Annotations").isEmpty());
        host.path("Mounts").forEach(newer::mount);
        JsonNode endpoints = settings.path("NetworkingConfig").path("EndpointsConfig");
        for (Map.Entry<String, JsonNode> network : endpoints.properties()) {
            JsonNode endpoint = network.getValue();
            newer.endpoint(endpoint);
            newer.add(
                    SEVERAL_ADDRESSES,
                    !endpoint.path("MacAddress").asText("").isEmpty()
                            && !network.getKey().equals(ExtraNetworks.first(settings)));
        }
        return newer.knownTo(client);
    }

    /**
     * The settings that a container uses in one network.
     *
     * @param client the version that the client speaks
     */
    public static List<Need> ofEndpoint(JsonNode endpoint, ApiVersion client) {
        NewerSettings newer = new NewerSettings();
        newer.endpoint(endpoint);
        return newer.knownTo(client);
    }

    private List<Need> knownTo(ApiVersion client) {
        return found.stream().filter(need -> need.since().compareTo(client) <= 0).toList();
    }

    private void endpoint(JsonNode endpoint) {
        add(GATEWAY_PRIORITY, endpoint.path("GwPriority").asInt() != 0);
        add(SYSCTLS, endpoint.path("DriverOpts").has(SYSCTLS.setting()));
        add(INTERFACE_NAME, endpoint.path("DriverOpts").has(INTERFACE_NAME.setting()));
    }

    private void mount(JsonNode mount) {
        JsonNode bind = mount.path("BindOptions");
        add(CREATE_MOUNTPOINT, bind.path("CreateMountpoint").asBoolean());
        add(FORCE_RECURSIVE, bind.path("ReadOnlyForceRecursive").asBoolean());
        add(SUBPATH, !mount.path("VolumeOptions").path("Subpath").asText("").isEmpty());
        add(TMPFS_OPTIONS, !mount.path("TmpfsOptions").path("Options").isEmpty());
        add(IMAGE_MOUNT, mount.path("Type").asText("").equals("image"));
    }

    private void add(Need need, boolean used) {
        if (used) {
            found.add(need);
        }
    }
}
