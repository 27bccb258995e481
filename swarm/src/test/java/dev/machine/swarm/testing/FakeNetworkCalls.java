package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.machine.swarm.engine.ApiVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeEngine} answers about its networks, with the statuses and words of moby
 * (daemon/server/router/network/network_routes.go, daemon/network.go).
 */
final class FakeNetworkCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeEngine engine;
    private final FakeNetworks networks;
    private final ApiVersion newest;

    FakeNetworkCalls(FakeEngine engine, FakeNetworks networks, ApiVersion newest) {
        this.engine = engine;
        this.networks = networks;
        this.newest = newest;
    }

    private record Answer(int status, @Nullable JsonNode body) {
        static Answer problem(int status, String message) {
            return new Answer(
                    status, JsonNodeFactory.instance.objectNode().put("message", message));
        }
    }

    /** Answers a call of a path that begins with {@code /networks}. */
    void answer(HttpExchange exchange, String path) throws IOException {
        String rest = path.replaceFirst("^/networks/?", "");
        String last = rest.substring(rest.lastIndexOf('/') + 1);
        String action =
                switch (exchange.getRequestMethod()) {
                    case "GET" -> rest.isEmpty() ? "list" : "inspect";
                    case "DELETE" -> "remove";
                    default -> last;
                };
        int fault = networks.counted(action);
        if (networks.dies(action)) {
            Thread.ofVirtual().start(engine::die);
            throw new IOException("the engine dies");
        }
        Answer answer =
                fault == 200
                        ? answer(exchange, action, rest)
                        : Answer.problem(fault, action + " of networks fails");
        FakeEngine.send(exchange, answer.status, answer.body == null ? "" : answer.body.toString());
    }

    private Answer answer(HttpExchange exchange, String action, String rest) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        JsonNode filters = JSON.readTree(FakeCreates.parameter(exchange, "filters"));
        FakeNetworkFilter filter = new FakeNetworkFilter(filters, networks::used);
        String parent = rest.substring(0, Math.max(0, rest.lastIndexOf('/')));
        synchronized (networks) {
            return switch (action) {
                case "list" -> list(filter);
                case "create" -> create(body, engine.version(exchange));
                case "prune" -> prune(filter);
                case "inspect" -> inspect(rest);
                case "remove" -> one(rest, this::remove);
                case "connect" -> one(parent, network -> connect(network, body));
                case "disconnect" -> one(parent, network -> disconnect(network, body));
                default -> Answer.problem(404, "page not found");
            };
        }
    }

    private Answer list(FakeNetworkFilter filter) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        networks.all().stream().filter(filter).forEach(network -> list.add(network.listed(newest)));
        return new Answer(200, list);
    }

    private Answer create(JsonNode asked, ApiVersion version) {
        String name = asked.path("Name").asText();
        if (FakeNetwork.PREDEFINED.contains(name)) {
            return Answer.problem(
                    403, "operation is not permitted on predefined " + name + " network ");
        }
        List<FakeNetwork> same =
                networks.all().stream().filter(other -> other.name.equals(name)).toList();
        boolean once = version.compareTo(FakeNetworks.SEVERAL_AT_CREATE) >= 0;
        if (!same.isEmpty() && (once || asked.path("CheckDuplicate").asBoolean())) {
            return Answer.problem(409, "network with name " + name + " already exists");
        }
        String warning =
                same.isEmpty()
                        ? ""
                        : "Network with name %s (id : %s) already exists"
                                .formatted(name, same.getFirst().id);
        ObjectNode answer = JSON.createObjectNode().put("Id", networks.create(asked));
        return new Answer(201, answer.put("Warning", warning));
    }

    /** This call says in other words than the others that a name is ambiguous. */
    private Answer inspect(String term) {
        int found = networks.find(term).size();
        return found > 1
                ? Answer.problem(
                        400,
                        found + " matches found based on name: network " + term + " is ambiguous")
                : one(term, network -> new Answer(200, networks.inspected(network)));
    }

    private Answer prune(FakeNetworkFilter filter) {
        ObjectNode answer = JSON.createObjectNode();
        List<FakeNetwork> unused =
                networks.all().stream()
                        .filter(network -> !network.predefined() && !networks.used(network))
                        .filter(filter)
                        .toList();
        unused.forEach(networks::remove);
        networks.tell("prune", "", Map.of("reclaimed", "0"));
        if (unused.isEmpty()) {
            return new Answer(200, answer.putNull("NetworksDeleted"));
        }
        ArrayNode names = answer.putArray("NetworksDeleted");
        unused.forEach(network -> names.add(network.name));
        return new Answer(200, answer);
    }

    private Answer remove(FakeNetwork network) {
        if (network.predefined()) {
            return Answer.problem(
                    403, network.name + " is a pre-defined network and cannot be removed");
        }
        if (networks.used(network)) {
            String active = "error while removing network: network %s id %s has active endpoints";
            return Answer.problem(403, active.formatted(network.name, network.id));
        }
        networks.remove(network);
        return new Answer(204, null);
    }

    private Answer connect(FakeNetwork network, JsonNode body) {
        FakeContainer container = engine.find(body.path("Container").asText());
        if (container == null) {
            return noContainer(body);
        }
        if (network.driver.equals("host")) {
            return Answer.problem(
                    400,
                    "container cannot be disconnected from host network or connected to host"
                            + " network");
        }
        ObjectNode idle = FakeEndpoint.idle(body.path("EndpointConfig"), newest);
        if (!container.state.equals("running")) {
            container.networks.put(network.name, idle);
        } else if (FakeNetworks.in(container, network)) {
            String twice = "endpoint with name %s already exists in network %s";
            return Answer.problem(403, twice.formatted(container.name, network.name));
        } else {
            networks.join(container, network, idle);
        }
        return new Answer(200, null);
    }

    private Answer disconnect(FakeNetwork network, JsonNode body) {
        FakeContainer container = engine.find(body.path("Container").asText());
        if (container == null) {
            return noContainer(body);
        }
        boolean running = FakeNetworks.in(container, network);
        if (container.networks.remove(network.name) == null) {
            String not = "container %s is not connected to network %s";
            return Answer.problem(500, not.formatted(container.id, network.name));
        }
        if (running) {
            // dockerd tells it twice.
            networks.tell(network, "disconnect", container);
            networks.tell(network, "disconnect", container);
        }
        return new Answer(200, null);
    }

    private static Answer noContainer(JsonNode body) {
        return Answer.problem(404, "No such container: " + body.path("Container").asText());
    }

    private interface Action {
        Answer on(FakeNetwork network);
    }

    private Answer one(String term, Action action) {
        List<FakeNetwork> found = networks.find(term);
        if (found.size() > 1) {
            String ambiguous = "network %s is ambiguous (%d matches found based on name)";
            return Answer.problem(400, ambiguous.formatted(term, found.size()));
        }
        return found.isEmpty()
                ? Answer.problem(404, "network " + term + " not found")
                : action.on(found.getFirst());
    }
}
