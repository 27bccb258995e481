package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Applies the events of one engine: what an event says in full goes into the stores at once, the
 * rest is marked in the queue.
 */
final class WatchHandler {
    /** An id has 64 characters; the name of a volume is that of a folder. */
    private static final int MAX_NAME_LENGTH = 255;

    private final EngineStores stores;
    private final RefreshQueue queue;
    private final Supplier<EngineStatus> status;
    private final Duration patience;

    /**
     * @param status where the difference of the engine's clock is read
     * @param patience how long the event of a new network waits for what the list says of it
     */
    WatchHandler(
            EngineStores stores,
            RefreshQueue queue,
            Supplier<EngineStatus> status,
            Duration patience) {
        this.stores = stores;
        this.queue = queue;
        this.status = status;
        this.patience = patience;
    }

    /** Ids of networks in the event become those that clients see. */
    void handle(ObjectNode event) {
        String action = event.path("Action").asText("");
        switch (event.path("Type").asText("")) {
            case "container" -> container(event, action);
            case "image" -> queue.images();
            case "network" -> network(event, action);
            case "volume" -> volume(event, action);
            case "daemon" -> queue.everything();
            default -> {}
        }
    }

    private void container(ObjectNode event, String action) {
        String id = event.path("Actor").path("ID").asText("");
        if (id.isEmpty() || id.length() > MAX_NAME_LENGTH) {
            return;
        }
        switch (action) {
            case "destroy" -> {
                if (!stores.containers().remove(id)) {
                    queue.everything();
                }
                // A list that is under way may still have it.
                if (!queue.idle()) {
                    queue.container(id, ContainerChange.ENTRY);
                }
            }
            case "start", "restart" -> queue.container(id, ContainerChange.start(time(event)));
            case "die" -> queue.container(id, ContainerChange.end(time(event)));
            case "update" -> queue.container(id, ContainerChange.DETAILS);
            case "create", "pause", "unpause", "rename", "oom", "stop", "kill" ->
                    queue.container(id, ContainerChange.ENTRY);
            case "commit" -> queue.images();
            default -> {
                if (action.startsWith("health_status")) {
                    queue.container(id, ContainerChange.ENTRY);
                }
            }
        }
    }

    private void network(ObjectNode event, String action) {
        JsonNode actor = event.path("Actor");
        String id = actor.path("ID").asText("");
        if (id.length() > MAX_NAME_LENGTH) {
            return;
        }
        if (action.equals("create") && stores.networks().byId(id) == null) {
            // The event has no labels: only the list tells which network of the swarm it is.
            queue.networks();
            awaitNetworks();
        }
        show(event, id);
        switch (action) {
            case "destroy" -> {
                if (!stores.networks().removed(id)) {
                    queue.networks();
                }
            }
            case "connect", "disconnect" -> {
                String container = actor.path("Attributes").path("container").asText("");
                if (!container.isEmpty() && container.length() <= MAX_NAME_LENGTH) {
                    queue.container(container, ContainerChange.ENTRY);
                }
            }
            case "create" -> {}
            default -> queue.networks();
        }
    }

    private void awaitNetworks() {
        try {
            queue.awaitFresh(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(ObjectNode event, String id) {
        String shown = stores.networks().shownId(id);
        if (event.get("Actor") instanceof ObjectNode actor && !shown.equals(id)) {
            actor.put("ID", shown);
            if (event.has("id")) {
                event.put("id", shown);
            }
        }
    }

    private void volume(ObjectNode event, String action) {
        String name = event.path("Actor").path("ID").asText("");
        if (name.length() > MAX_NAME_LENGTH) {
            return;
        }
        switch (action) {
            case "create" -> {
                String driver = event.path("Actor").path("Attributes").path("driver").asText("");
                boolean known = driver.equals("local") && stores.volumes().seen(name);
                // Only the list has the labels and options; unnamed volumes have none that matter.
                if (!known || !Volume.isAnonymous(name)) {
                    queue.volumes();
                }
            }
            case "destroy" -> {
                if (!stores.volumes().removed(name)) {
                    queue.volumes();
                }
            }
            case "prune" -> queue.volumes();
            default -> {}
        }
    }

    /** When it happened, by our clock. */
    private Instant time(JsonNode event) {
        Duration skew = status.get().skew();
        long nanos = event.path("timeNano").asLong();
        return nanos > 0
                ? Instant.ofEpochSecond(0, nanos).plus(skew)
                : Instant.ofEpochSecond(event.path("time").asLong()).plus(skew);
    }
}
