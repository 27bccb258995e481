package dev.machine.swarm.testing.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.testing.FakeNetwork;
import dev.machine.swarm.testing.load.LoadEngine.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The networks of a {@link LoadEngine}: what a create of them says, and an id. */
final class LoadNetworks {
    private static final ApiVersion API = new ApiVersion(1, 45);
    private static final Set<String> OWN = Set.of("bridge", "host", "none");

    private final LoadEngine engine;
    private final Map<String, ObjectNode> byName = new ConcurrentHashMap<>();

    LoadNetworks(LoadEngine engine) {
        this.engine = engine;
        clear();
    }

    /** Only those that every engine has. */
    void clear() {
        byName.clear();
        FakeNetwork.predefined(API)
                .forEach(one -> byName.put(one.path("Name").asText(), (ObjectNode) one));
    }

    /** The id of a network that a container names; that of bridge if there is none. */
    String id(String name) {
        return find(name).findFirst().orElseGet(() -> byName.get("bridge")).path("Id").asText();
    }

    private Stream<ObjectNode> find(String text) {
        return byName.values().stream()
                .filter(
                        one ->
                                one.path("Name").asText().equals(text)
                                        || one.path("Id").asText().equals(text));
    }

    Answer answer(String method, String[] parts, JsonNode body) throws IOException {
        if (parts.length == 1) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            new TreeMap<>(byName).values().forEach(all::add);
            return Answer.of(200, all);
        }
        if (parts[1].equals("create")) {
            return create(body);
        }
        ObjectNode network = find(parts[1]).findFirst().orElse(null);
        if (network == null) {
            return Answer.problem(404, "network " + parts[1] + " not found");
        }
        if (method.equals("GET")) {
            return Answer.of(200, network.deepCopy().set("Containers", members(network)));
        }
        if (method.equals("DELETE")) {
            return remove(network);
        }
        return Answer.none(200);
    }

    private Answer create(JsonNode asked) throws IOException {
        String name = asked.path("Name").asText();
        ObjectNode made = new FakeNetwork(asked, byName.size(), API).listed(API);
        if (byName.putIfAbsent(name, made) != null) {
            return Answer.problem(409, "network with name " + name + " already exists");
        }
        engine.tell("network", "create", made.path("Id").asText(), name);
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("Warning", "");
        return Answer.of(201, answer.put("Id", made.path("Id").asText()));
    }

    private Answer remove(ObjectNode network) throws IOException {
        String name = network.path("Name").asText();
        if (OWN.contains(name)) {
            return Answer.problem(403, name + " is a pre-defined network and cannot be removed");
        }
        if (!members(network).isEmpty()) {
            return Answer.problem(403, "network " + name + " has active endpoints");
        }
        byName.remove(name);
        engine.tell("network", "destroy", network.path("Id").asText(), name);
        return Answer.none(204);
    }

    private ObjectNode members(ObjectNode network) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        engine.boxes()
                .filter(box -> box.running)
                .filter(box -> find(box.network()).anyMatch(network::equals))
                .forEach(box -> members.putObject(box.id).put("Name", box.name));
        return members;
    }
}
