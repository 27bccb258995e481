package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.create.CreateOutcome.Unknown;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.EngineState;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The networks of a container beyond the first. Before API 1.44 an engine takes only one network at
 * create. So a container of a newer client is created there with one of its networks, connected to
 * the others, and removed again if that fails.
 */
final class ExtraNetworks {
    static final ExtraNetworks NONE = new ExtraNetworks(Map.of(), ApiVersion.NEWEST);

    private static final ApiVersion SEVERAL_AT_CREATE = new ApiVersion(1, 44);

    private final Map<String, JsonNode> endpoints;
    private final ApiVersion version;

    private ExtraNetworks(Map<String, JsonNode> endpoints, ApiVersion version) {
        this.endpoints = endpoints;
        this.version = version;
    }

    /**
     * Takes them from the settings for an engine, if it cannot create a container with them. A
     * client of an older version gets the engine's refusal.
     *
     * @param client the version that the client speaks
     * @param engine the version that the engine is spoken to in
     */
    static ExtraNetworks takeFrom(ObjectNode settings, ApiVersion client, ApiVersion engine) {
        if (client.compareTo(SEVERAL_AT_CREATE) < 0
                || engine.compareTo(SEVERAL_AT_CREATE) >= 0
                || !(settings.path("NetworkingConfig").path("EndpointsConfig")
                        instanceof ObjectNode given)
                || given.size() < 2) {
            return NONE;
        }
        String first = first(settings);
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        given.properties().forEach(endpoint -> extra.put(endpoint.getKey(), endpoint.getValue()));
        extra.remove(first);
        given.retain(first);
        return new ExtraNetworks(extra, engine);
    }

    /** The network that a container is created with; empty if it names none. */
    static String first(JsonNode settings) {
        JsonNode given = settings.path("NetworkingConfig").path("EndpointsConfig");
        String mode = settings.path("HostConfig").path("NetworkMode").asText("");
        return given.isEmpty() || given.has(mode) ? mode : given.fieldNames().next();
    }

    /**
     * Connects a new container; nothing is left of it if that fails.
     *
     * @param deadline for each network
     * @return why it failed, if it did
     */
    Optional<CreateOutcome> connect(EngineCache engine, String id, Duration deadline) {
        for (Map.Entry<String, JsonNode> endpoint : endpoints.entrySet()) {
            String network = endpoint.getKey();
            try {
                Answer answer = send(engine, id, endpoint, deadline);
                if (answer.status() != 200) {
                    return Optional.of(undone(engine, id, CreateAttempt.rejected(answer)));
                }
            } catch (IOException e) {
                String message = "could not connect it to network " + network + ": ";
                return Optional.of(
                        undone(
                                engine,
                                id,
                                new CreateOutcome.Rejected(502, message + e.getMessage(), true)));
            }
        }
        if (!endpoints.isEmpty()) {
            // No event tells of it, and the cache may have the container with its first network.
            engine.invalidate(id);
        }
        return Optional.empty();
    }

    private Answer send(
            EngineCache engine, String id, Map.Entry<String, JsonNode> endpoint, Duration deadline)
            throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("Container", id);
        body.set("EndpointConfig", endpoint.getValue());
        String network = URLEncoder.encode(endpoint.getKey(), StandardCharsets.UTF_8);
        EngineRequest request =
                EngineRequest.post(
                        "/v" + version + "/networks/" + network.replace("+", "%20") + "/connect",
                        body);
        return engine.client().call(request, deadline);
    }

    /** The failure if the container is gone, else an outcome that waits until it is. */
    private CreateOutcome undone(EngineCache engine, String id, CreateOutcome.Rejected failure) {
        if (removed(engine, id)) {
            return failure;
        }
        CompletableFuture<Optional<String>> later = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("undo-" + id)
                .start(
                        () -> {
                            while (engine.status().state() != EngineState.DISCONNECTED
                                    && !(engine.status().healthy() && removed(engine, id))) {
                                LockSupport.parkNanos(engine.timings().pingEvery().toNanos());
                            }
                            later.complete(Optional.empty());
                        });
        return new Unknown(failure.message(), later);
    }

    /** With the unnamed volumes that were made for it. */
    private boolean removed(EngineCache engine, String id) {
        EngineRequest request =
                EngineRequest.delete("/v" + version + "/containers/" + id + "?v=1&force=1");
        try {
            int status = engine.client().call(request, engine.timings().list()).status();
            if (status != 204 && status != 404) {
                return false;
            }
            engine.removed(id);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            // It is tried again; a thread that dies of this would leave the container behind.
            return false;
        }
    }
}
