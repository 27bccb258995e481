package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A container of a {@link FakeEngine}. */
public final class FakeContainer {
    final String id;
    volatile String name;
    volatile String state = "running";
    volatile String imageId = "sha256:aa";

    /** Its names in containers that link to it: parent/alias. */
    final List<String> links = new CopyOnWriteArrayList<>();

    volatile String networkMode = "default";

    /** Its networks by their names, as {@code NetworkSettings.Networks} shows them. */
    final Map<String, ObjectNode> networks = new ConcurrentSkipListMap<>();

    /** Shown in lists until somebody inspects it, as an engine does that tells of an end early. */
    volatile @Nullable String listed;

    final String image;
    final long memory;
    final long nanoCpus;
    volatile long created = 1_700_000_000L;
    private JsonNode settings = MissingNode.getInstance();

    private ArrayNode mounts = JsonNodeFactory.instance.arrayNode();

    FakeContainer(String id, String name, JsonNode settings) {
        this(
                id,
                name,
                settings.path("Image").asText(),
                settings.path("HostConfig").path("NanoCpus").asLong(),
                settings.path("HostConfig").path("Memory").asLong());
        this.settings = settings;
        this.state = "created";
        String mode = settings.path("HostConfig").path("NetworkMode").asText("");
        this.networkMode = mode.isEmpty() ? "default" : mode;
    }

    FakeContainer(String id, String name, String image, long nanoCpus, long memory) {
        this.id = id;
        this.name = name;
        this.image = image;
        this.nanoCpus = nanoCpus;
        this.memory = memory;
    }

    void mounts(ArrayNode mounted) {
        mounts = mounted;
    }

    /** Whether it has a volume of this name. */
    boolean mounts(String volume) {
        return mounts.valueStream().anyMatch(mount -> mount.path("Name").asText().equals(volume));
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public long memory() {
        return memory;
    }

    /** As the client sent them; missing if it was there from the start. */
    public JsonNode settings() {
        return settings;
    }

    /** The ports it publishes, as {@code 80/tcp}. */
    public List<String> published() {
        List<String> ports = new ArrayList<>();
        settings.path("HostConfig")
                .path("PortBindings")
                .properties()
                .forEach(
                        binding ->
                                binding.getValue()
                                        .forEach(
                                                host ->
                                                        ports.add(
                                                                host.path("HostPort").asText()
                                                                        + binding.getKey()
                                                                                .replaceFirst(
                                                                                        ".*/",
                                                                                        "/"))));
        return ports;
    }

    private ObjectNode endpoints(UnaryOperator<ObjectNode> shown) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        networks.forEach((network, endpoint) -> json.set(network, shown.apply(endpoint)));
        return json;
    }

    ObjectNode summary() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("HostConfig").put("NetworkMode", networkMode);
        json.putObject("NetworkSettings").set("Networks", endpoints(FakeEndpoint::listed));
        String state = listed == null ? this.state : listed;
        json.put("Id", id).put("Image", image).put("ImageID", imageId).put("Command", "sleep");
        json.put("Created", created).put("State", state).put("FutureField", "kept");
        ArrayNode names = json.putArray("Names");
        links.forEach(link -> names.add("/" + link));
        names.add("/" + name);
        json.put("Status", state.equals("running") ? "Up 3 minutes" : "Exited (0) 2 hours ago");
        if (settings.isObject()) {
            json.put("Status", state.equals("running") ? "Up 3 minutes" : "Created");
            json.set("Labels", settings.path("Labels").deepCopy());
            json.putArray("Ports");
            json.set("Mounts", mounts.deepCopy());
            return json;
        }
        json.putObject("Labels").put("app", name);
        ObjectNode v4 = json.putArray("Ports").addObject();
        v4.put("IP", "0.0.0.0").put("PrivatePort", 80).put("PublicPort", 8080).put("Type", "tcp");
        json.withArray("Ports")
                .addObject()
                .put("IP", "::")
                .put("PrivatePort", 80)
                .put("PublicPort", 8080)
                .put("Type", "tcp");
        return json;
    }

    ObjectNode details() {
        listed = null;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", id).put("Name", "/" + name);
        json.putObject("State")
                .put("Running", state.equals("running"))
                .put("StartedAt", "2026-01-01T00:00:00Z")
                .put("FinishedAt", "2026-01-02T00:00:00Z");
        if (settings.isObject()) {
            json.set("HostConfig", settings.path("HostConfig").deepCopy());
            json.putObject("NetworkSettings").set("Networks", endpoints(ObjectNode::deepCopy));
            json.set("Mounts", mounts.deepCopy());
            return json;
        }
        json.putObject("HostConfig").put("NanoCpus", nanoCpus).put("Memory", memory);
        ObjectNode network = json.putObject("NetworkSettings");
        network.set("Networks", endpoints(ObjectNode::deepCopy));
        network.putObject("Ports").putArray("80/tcp").add(binding("0.0.0.0")).add(binding("::"));
        return json;
    }

    private static ObjectNode binding(String ip) {
        return JsonNodeFactory.instance.objectNode().put("HostIp", ip).put("HostPort", "8080");
    }
}
