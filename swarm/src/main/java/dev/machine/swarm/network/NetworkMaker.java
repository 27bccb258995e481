package dev.machine.swarm.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Network;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parts of a network of the whole swarm: the same driver, options and labels on each
 * node. Of two that need the same part at once, one makes it and both have it.
 */
public final class NetworkMaker {
    /**
     * The deadline of one creation, in deadlines of a list: firewall rules take a while on a board.
     */
    private static final int DEADLINE_IN_LISTS = 6;

    /** What describes a network in an engine's list and can be asked for as it is described. */
    private static final List<String> COPIED =
            List.of(
                    "Driver",
                    "Internal",
                    "Attachable",
                    "EnableIPv4",
                    "EnableIPv6",
                    "Options",
                    "ConfigOnly",
                    "ConfigFrom");

    private final Map<String, FutureTask<Network>> flights = new ConcurrentHashMap<>();

    /** An engine has refused to make a network. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }

        /** The engine's status code. */
        public int status() {
            return status;
        }
    }

    /**
     * Returns the engine's part of a network; makes it if there is none.
     *
     * @throws RefusedException if the engine refuses
     * @throws IOException if it does not answer
     */
    public Network ensure(EngineCache engine, SwarmNetwork network) throws IOException {
        Network there = engine.networks().partOf(network.id());
        if (there != null) {
            return there;
        }
        String key = engine.name() + "/" + network.id();
        FutureTask<Network> own = new FutureTask<>(() -> part(engine, network));
        FutureTask<Network> running = flights.putIfAbsent(key, own);
        if (running == null) {
            try {
                own.run();
            } finally {
                flights.remove(key, own);
            }
        }
        try {
            return (running == null ? own : running).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw new RefusedException(refused.status(), String.valueOf(refused.getMessage()));
            }
            Throwable cause = e.getCause();
            throw new IOException(
                    cause instanceof IOException ? cause.getMessage() : String.valueOf(cause),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint is stopping", e);
        }
    }

    private static Network part(EngineCache engine, SwarmNetwork network) throws IOException {
        // Another flight may have ended since the caller looked.
        Network there = engine.networks().partOf(network.id());
        if (there != null) {
            return there;
        }
        try {
            return make(engine, body(network.parts().getFirst().network())).network();
        } catch (RefusedException e) {
            // Another manager may have made it a moment ago.
            Network found = e.status() == 409 ? listed(engine, network) : null;
            if (found == null) {
                throw e;
            }
            return found;
        }
    }

    private static @Nullable Network listed(EngineCache engine, SwarmNetwork network)
            throws IOException {
        engine.invalidateNetworks();
        try {
            engine.awaitFresh(engine.timings().list());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint is stopping", e);
        }
        return engine.networks().partOf(network.id());
    }

    /** The request for one more part like this one. */
    private static ObjectNode body(Network part) throws IOException {
        ObjectNode body = part.json().objectNode();
        body.put("Name", part.name());
        for (String key : COPIED) {
            if (part.json().has(key)) {
                body.set(key, part.json().get(key));
            }
        }
        ObjectNode labels = body.putObject("Labels");
        part.labels().forEach(labels::put);
        // The addresses that the description shows may be those that its engine chose for itself.
        String addresses = part.labels().get(Network.ADDRESSES);
        if (addresses != null) {
            body.set("IPAM", ExactJson.read(addresses));
        }
        return body;
    }

    /**
     * A network that an engine has made.
     *
     * @param answer the engine's, with its own id
     */
    public record Made(Network network, ObjectNode answer) {}

    /**
     * Makes a network on one engine and puts it in the engine's cache.
     *
     * @param body of {@code POST /networks/create}, without the node in the name
     * @throws RefusedException if the engine refuses
     * @throws IOException if it does not answer
     */
    public static Made make(EngineCache engine, ObjectNode body) throws IOException {
        ObjectNode sent = body.deepCopy();
        // Engines before API 1.44 would make a second network of the name.
        sent.put("CheckDuplicate", true);
        Duration deadline = engine.timings().list().multipliedBy(DEADLINE_IN_LISTS);
        Answer answer =
                engine.client()
                        .call(EngineRequest.post(engine.path("/networks/create"), sent), deadline);
        if (answer.status() != 201) {
            throw new RefusedException(answer.status(), LimitedJson.shortMessage(answer.body()));
        }
        JsonNode made = LimitedJson.tree(answer.body());
        if (!(made instanceof ObjectNode object) || made.path("Id").asText("").isEmpty()) {
            throw new IOException("the engine did not tell the id of the network it made");
        }
        Network network = Network.of(described(body, object));
        engine.adopt(network);
        return new Made(network, object);
    }

    /**
     * Removes an engine's part of a network; one that is gone already is as wanted.
     *
     * @throws RefusedException if the engine refuses
     * @throws IOException if it does not answer
     */
    public static void remove(EngineCache engine, Network network) throws IOException {
        Answer answer =
                engine.client()
                        .call(
                                EngineRequest.delete(engine.path("/networks/" + network.id())),
                                engine.timings().list().multipliedBy(DEADLINE_IN_LISTS));
        if (answer.status() >= 300 && answer.status() != 404) {
            engine.invalidateNetworks();
            throw new RefusedException(answer.status(), LimitedJson.shortMessage(answer.body()));
        }
        engine.removedNetwork(network.id());
    }

    /** What is known of a network before the engine lists it. */
    private static ObjectNode described(ObjectNode body, ObjectNode made) {
        ObjectNode entry = body.deepCopy();
        entry.remove("CheckDuplicate");
        entry.put("Id", made.path("Id").asText()).put("Scope", "local");
        if (entry.path("Driver").asText("").isEmpty()) {
            entry.put("Driver", "bridge");
        }
        return entry;
    }
}
