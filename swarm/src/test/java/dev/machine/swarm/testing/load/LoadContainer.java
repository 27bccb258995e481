package dev.machine.swarm.testing.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;

/** A container of a {@link LoadEngine}. */
final class LoadContainer {
    private static final long CREATED = 1_700_000_000L;

    final String id;
    final String name;
    final String image;
    final JsonNode labels;
    final JsonNode host;
    private final LoadEngine engine;
    volatile boolean running;

    /**
     * @param asked the body of the create
     * @param engine that it is on
     */
    LoadContainer(String id, String name, JsonNode asked, LoadEngine engine) {
        this.engine = engine;
        this.id = id;
        this.name = name;
        this.image = asked.path("Image").asText();
        this.labels = asked.path("Labels");
        this.host = asked.path("HostConfig");
    }

    long memory() {
        return host.path("Memory").asLong();
    }

    /** Ports of the host that it takes when it runs. */
    Set<String> ports() {
        Set<String> ports = new TreeSet<>();
        host.path("PortBindings")
                .properties()
                .forEach(
                        binding ->
                                binding.getValue()
                                        .forEach(to -> ports.add(to.path("HostPort").asText())));
        return ports;
    }

    /** The network that it was made for. */
    String network() {
        String mode = host.path("NetworkMode").asText("default");
        return mode.equals("default") ? "bridge" : mode;
    }

    String state() {
        return running ? "running" : "created";
    }

    ObjectNode summary() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", id);
        json.putArray("Names").add("/" + name);
        json.put("Image", image).put("ImageID", engine.imageId(image));
        json.put("Command", "sleep infinity").put("Created", CREATED);
        ObjectNode list = json.putArray("Ports").addObject();
        list.put("PrivatePort", 80).put("Type", "tcp");
        ports().stream().findFirst().ifPresent(p -> bound(list, p));
        json.set("Labels", labels.isObject() ? labels : json.objectNode());
        json.put("State", state()).put("Status", running ? "Up 1 second" : "Created");
        json.putObject("HostConfig").put("NetworkMode", host.path("NetworkMode").asText("default"));
        json.putObject("NetworkSettings").putObject("Networks").set(network(), endpoint());
        json.putArray("Mounts");
        return json;
    }

    private void bound(ObjectNode port, String number) {
        if (running) {
            port.put("IP", "0.0.0.0").put("PublicPort", Integer.parseInt(number));
        }
    }

    private ObjectNode endpoint() {
        ObjectNode bridge = JsonNodeFactory.instance.objectNode();
        bridge.put("NetworkID", engine.networks().id(network())).put("EndpointID", "c".repeat(64));
        bridge.put("Gateway", "172.17.0.1").put("IPAddress", "172.17.0.2").put("IPPrefixLen", 16);
        return bridge.put("MacAddress", "02:42:ac:11:00:02");
    }

    ObjectNode details() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", id).put("Name", "/" + name).put("Created", "2023-11-14T22:13:20Z");
        json.put("Path", "sleep").putArray("Args").add("infinity");
        json.putObject("State")
                .put("Status", state())
                .put("Running", running)
                .put("StartedAt", running ? "2026-01-01T00:00:00Z" : "0001-01-01T00:00:00Z")
                .put("FinishedAt", "0001-01-01T00:00:00Z");
        json.put("Image", engine.imageId(image));
        json.set("HostConfig", host.isObject() ? host : json.objectNode());
        ObjectNode config = json.putObject("Config");
        config.put("Image", image).put("Hostname", id.substring(0, 12));
        config.set("Labels", labels.isObject() ? labels : json.objectNode());
        ObjectNode settings = json.putObject("NetworkSettings");
        settings.putObject("Ports");
        settings.putObject("Networks").set(network(), endpoint());
        return json;
    }
}
