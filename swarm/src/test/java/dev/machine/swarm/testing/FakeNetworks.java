package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The networks of a {@link FakeEngine}, as dockerd has them: three from the start, others as
 * clients make them, and the containers that run in each (moby, daemon/container_operations.go).
 */
public final class FakeNetworks {
    /** From here on an engine gives a name once, and a create may name several networks. */
    static final ApiVersion SEVERAL_AT_CREATE = new ApiVersion(1, 44);

    private final FakeEngine engine;
    private final ApiVersion newest;
    private final List<FakeNetwork> networks = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Set<String> deadly = ConcurrentHashMap.newKeySet();
    private final FakeNetworkCalls calls;
    private volatile boolean silent;
    private int made;

    FakeNetworks(FakeEngine engine, ApiVersion newest) {
        this.engine = engine;
        this.newest = newest;
        this.calls = new FakeNetworkCalls(engine, this, newest);
        FakeNetwork.PREDEFINED.forEach(name -> networks.add(FakeNetwork.predefined(name, newest)));
    }

    /** One more, made without the endpoint; returns its id. */
    public String create(String name) {
        return create(JsonNodeFactory.instance.objectNode().put("Name", name));
    }

    /** The same with all that a client may ask for. */
    public synchronized String create(JsonNode asked) {
        FakeNetwork network = new FakeNetwork(asked, ++made, newest);
        networks.add(network);
        tell(network, "create", null);
        return network.id;
    }

    /** Removed without the endpoint. */
    public void remove(String nameOrId) {
        find(nameOrId).forEach(this::remove);
    }

    void remove(FakeNetwork network) {
        networks.remove(network);
        tell(network, "destroy", null);
    }

    /** From now on no event tells of a network. */
    public void silent() {
        silent = true;
    }

    /** From now on every call about networks is answered so; 200 is as it should be. */
    public void answers(int code) {
        List.of("list", "inspect", "create", "remove", "connect", "disconnect", "prune")
                .forEach(action -> answers(action, code));
    }

    /** The same for one of list, inspect, create, remove, connect, disconnect, prune. */
    public void answers(String action, int code) {
        faults.put(action, code);
    }

    /** It dies when it is next asked for one of these, before it does it. */
    public void diesAt(String action) {
        deadly.add(action);
    }

    boolean dies(String action) {
        return deadly.remove(action);
    }

    /** How often one of these was asked for. */
    public int count(String action) {
        return counts.getOrDefault(action, 0);
    }

    /** Counts a call; returns the status that it must fail with, or 200. */
    int counted(String action) {
        counts.merge(action, 1, Integer::sum);
        return faults.getOrDefault(action, 200);
    }

    /** The names of those that clients made, sorted; two may have one name. */
    public List<String> names() {
        return networks.stream()
                .filter(network -> !network.predefined())
                .map(network -> network.name)
                .sorted()
                .toList();
    }

    /** The id of the only one of this name. */
    public String id(String name) {
        return details(name).path("Id").asText();
    }

    /** As inspect shows the only one of this name. */
    public JsonNode details(String name) {
        List<FakeNetwork> found = find(name);
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " networks " + name);
        }
        return inspected(found.getFirst());
    }

    FakeNetworkCalls calls() {
        return calls;
    }

    List<FakeNetwork> all() {
        return networks;
    }

    /** An id beats a name, and a name beats the beginning of an id. */
    List<FakeNetwork> find(String term) {
        for (Predicate<FakeNetwork> rule :
                List.<Predicate<FakeNetwork>>of(
                        network -> network.id.equals(term),
                        network -> network.name.equals(term),
                        network -> network.id.startsWith(term))) {
            List<FakeNetwork> found = networks.stream().filter(rule).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /**
     * Why an engine does not make a container: older versions of the API allow one network.
     *
     * @return the reason, or null
     */
    @Nullable String refusal(JsonNode settings, ApiVersion version) {
        List<String> names = new ArrayList<>();
        settings.path("NetworkingConfig")
                .path("EndpointsConfig")
                .fieldNames()
                .forEachRemaining(names::add);
        if (names.size() < 2 || version.compareTo(SEVERAL_AT_CREATE) >= 0) {
            return null;
        }
        String sentence =
                newest.compareTo(SEVERAL_AT_CREATE) < 0
                        ? "Container cannot be connected to network endpoints: "
                        : "Container cannot be created with multiple network endpoints: ";
        return sentence + String.join(", ", names);
    }

    /** Notes what networks a new container asks for; whether they exist matters at its start. */
    void attach(FakeContainer container) {
        JsonNode config = container.settings().path("NetworkingConfig").path("EndpointsConfig");
        for (Map.Entry<String, JsonNode> asked : config.properties()) {
            ObjectNode idle = FakeEndpoint.idle(asked.getValue(), newest);
            container.networks.put(known(asked.getKey()), idle);
        }
        String mode = container.networkMode;
        if (mode.equals("default") && newest.compareTo(SEVERAL_AT_CREATE) >= 0) {
            container.networkMode = "bridge";
        }
        if (config.isEmpty() && !mode.startsWith("container:")) {
            container.networks.put(known(mode), FakeEndpoint.idle(config, newest));
        }
    }

    /** The name of a network that is given by its name or id. */
    private String known(String nameOrId) {
        String name = nameOrId.equals("default") ? "bridge" : nameOrId;
        List<FakeNetwork> found = find(name);
        return found.isEmpty() ? name : found.getFirst().name;
    }

    /** For a container that has been running since before anybody listened to events. */
    void runsInBridge(FakeContainer container) {
        FakeNetwork bridge = find("bridge").getFirst();
        container.networks.put(
                "bridge", bridge.running(FakeEndpoint.idle(container.settings(), newest)));
    }

    /**
     * Connects a container that starts.
     *
     * @return why it cannot start, or null
     */
    synchronized @Nullable String start(FakeContainer container) {
        if (container.state.equals("running")) {
            return null;
        }
        Map<FakeNetwork, ObjectNode> known = new LinkedHashMap<>();
        for (Map.Entry<String, ObjectNode> asked : container.networks.entrySet()) {
            String term = lastKnown(asked.getKey(), asked.getValue());
            List<FakeNetwork> found = find(term);
            if (found.size() != 1) {
                return found.isEmpty()
                        ? "network " + term + " not found"
                        : "network %s is ambiguous (%d matches found on name)"
                                .formatted(term, found.size());
            }
            known.put(found.getFirst(), asked.getValue());
        }
        known.forEach((network, idle) -> join(container, network, idle));
        return null;
    }

    /** A network that it ran in is found by its id; another of the same name will not do. */
    private static String lastKnown(String name, JsonNode endpoint) {
        String id = endpoint.path("NetworkID").asText("");
        return id.isEmpty() || FakeNetwork.PREDEFINED.contains(name) ? name : id;
    }

    void join(FakeContainer container, FakeNetwork network, ObjectNode idle) {
        container.networks.put(network.name, network.running(idle));
        tell(network, "connect", container);
    }

    /** Disconnects a container that stopped or is removed; it keeps what it asked for. */
    synchronized void stop(FakeContainer container) {
        for (FakeNetwork network : networks) {
            if (in(container, network)) {
                container.networks.computeIfPresent(
                        network.name, (_, running) -> FakeEndpoint.stopped(running));
                tell(network, "disconnect", container);
            }
        }
    }

    /** Whether a container runs in a network. */
    static boolean in(FakeContainer container, FakeNetwork network) {
        JsonNode endpoint = container.networks.get(network.name);
        return endpoint != null
                && endpoint.path("NetworkID").asText().equals(network.id)
                && FakeEndpoint.isRunning(endpoint);
    }

    boolean used(FakeNetwork network) {
        return engine.containers().stream().anyMatch(container -> in(container, network));
    }

    ObjectNode inspected(FakeNetwork network) {
        return network.inspected(
                engine.containers().stream().filter(container -> in(container, network)).toList());
    }

    void tell(FakeNetwork network, String action, @Nullable FakeContainer container) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("name", network.name);
        attributes.put("type", network.driver);
        if (container != null) {
            attributes.put("container", container.id);
        }
        tell(action, network.id, attributes);
    }

    void tell(String action, String id, Map<String, String> attributes) {
        if (!silent) {
            engine.event("network", action, id, attributes);
        }
    }
}
