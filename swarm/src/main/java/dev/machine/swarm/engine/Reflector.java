package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists one engine and puts what it answers into the stores: all of it, or what the queue says has
 * changed. An older answer never overwrites what is newer.
 */
final class Reflector {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

    /** Bytes of a tree for each byte of its text. */
    private static final int TREE_FACTOR = 4;

    private final EngineApi engine;
    private final EngineStores stores;
    private final RefreshQueue queue;
    private final Supplier<EngineStatus> status;
    private final ListMemory.Share containerMemory;
    private final ListMemory.Share imageMemory;
    private final ListMemory.Share volumeMemory;
    private final ListMemory.Share networkMemory;

    /**
     * @param status where the engine's address and the difference of its clock are read
     * @param memory that the lists of all engines share
     */
    Reflector(
            EngineApi engine,
            EngineStores stores,
            RefreshQueue queue,
            Supplier<EngineStatus> status,
            ListMemory memory) {
        this.engine = engine;
        this.stores = stores;
        this.queue = queue;
        this.status = status;
        this.containerMemory = memory.share(1);
        this.imageMemory = memory.share(TREE_FACTOR);
        this.volumeMemory = memory.share(1);
        this.networkMemory = memory.share(TREE_FACTOR);
    }

    /** Gives back the memory of its lists. */
    void close() {
        containerMemory.drop();
        imageMemory.drop();
        volumeMemory.drop();
        networkMemory.drop();
    }

    /**
     * Fetches what the queue holds until it is closed.
     *
     * @param tooLong hears of a list that is beyond all limits: the cache is no longer true
     */
    void run(Consumer<TooLongException> tooLong) {
        for (RefreshQueue.Work work = queue.next(); work != null; work = queue.next()) {
            try {
                refresh(work);
            } catch (TooLongException e) {
                tooLong.accept(e);
            } catch (IOException | RuntimeException | Error e) {
                // The ping decides whether the engine is lost; the next full list mends what was
                // missed. Nothing may end this loop, or the lists would never be true again.
                LOG.debug("{}: cannot refresh: {}", engine.name(), e.toString());
            } finally {
                queue.done(work);
            }
        }
    }

    private void refresh(RefreshQueue.Work work) throws IOException {
        if (work.everything()) {
            listAll();
        } else {
            // Before the containers, because their entries are shown with the ids of networks.
            if (work.networks()) {
                listNetworks();
            }
            if (work.images()) {
                listImages();
            }
        }
        if (work.volumes()) {
            listVolumes();
        }
        if (!work.containers().isEmpty()) {
            list(work.containers());
        }
    }

    /**
     * Lists all networks and containers and applies the answers entry by entry, then images and
     * volumes. The answer is read first: an engine may be asked about each container, and that
     * takes longer than a list may.
     */
    void listAll() throws IOException {
        listNetworks();
        Set<String> gone = new HashSet<>(stores.containers().listing());
        try (ListMemory.Reading reading = containerMemory.read()) {
            Deque<byte[]> entries = new ArrayDeque<>();
            engine.containers(entry -> keep(entry, reading, entries));
            for (byte[] entry : entries) {
                gone.remove(LimitedJson.id(entry));
            }
            gone.forEach(stores.containers()::remove);
            for (byte[] raw = entries.poll(); raw != null; raw = entries.poll()) {
                ObjectNode entry = LimitedJson.object(raw);
                // No event tells what happened while the engine was not followed.
                put(entry, sameRun(entry) ? ContainerChange.ENTRY : ContainerChange.DETAILS);
            }
            reading.keep();
        }
        listImages();
        listVolumes();
    }

    private static void keep(byte[] entry, ListMemory.Reading reading, Deque<byte[]> entries)
            throws TooLongException {
        reading.add(entry);
        entries.add(entry);
    }

    private void listImages() throws IOException {
        List<ObjectNode> fresh = new ArrayList<>();
        try (ListMemory.Reading reading = imageMemory.read()) {
            engine.images(
                    entry -> {
                        reading.add(entry);
                        fresh.add(LimitedJson.object(entry));
                    });
            stores.images().listed(fresh);
            reading.keep();
        }
    }

    /** An engine that cannot list its networks may still run containers that need none. */
    private void listNetworks() throws IOException {
        List<Network> fresh = new ArrayList<>();
        stores.networks().listing();
        try (ListMemory.Reading reading = networkMemory.read()) {
            engine.networks(
                    entry -> {
                        reading.add(entry);
                        fresh.add(Network.of(LimitedJson.object(entry)));
                    });
            stores.networks().listed(fresh);
            reading.keep();
        } catch (EngineStatusException e) {
            LOG.warn("node {}: networks not listed: {}", engine.name(), e.getMessage());
        }
    }

    /** A volume driver that hangs or fails must not cost more than the news of volumes. */
    private void listVolumes() throws IOException {
        stores.volumes().listing();
        try (ListMemory.Reading reading = volumeMemory.read()) {
            Map<String, Volume> fresh = Volume.listed(engine.volumes());
            for (Volume volume : fresh.values()) {
                reading.add(volume.bytes());
            }
            stores.volumes().listed(fresh);
            reading.keep();
        } catch (EngineStatusException | SocketTimeoutException e) {
            LOG.warn("node {}: volumes not listed: {}", engine.name(), e.getMessage());
        }
    }

    private void list(Map<String, ContainerChange> changes) throws IOException {
        Set<String> gone = new HashSet<>(changes.keySet());
        Map<String, ContainerChange> early = new HashMap<>();
        stores.containers().listing();
        try (ListMemory.Reading reading = containerMemory.read()) {
            Deque<byte[]> entries = new ArrayDeque<>();
            engine.containers(changes.keySet(), entry -> keep(entry, reading, entries));
            for (byte[] raw = entries.poll(); raw != null; raw = entries.poll()) {
                ObjectNode entry = LimitedJson.object(raw);
                String id = entry.path("Id").asText();
                gone.remove(id);
                ContainerChange change = changes.getOrDefault(id, ContainerChange.ENTRY);
                put(entry, change);
                if (change.ended() && isEarly(id, entry)) {
                    early.put(id, new ContainerChange(change.since(), false, false));
                }
            }
        }
        gone.forEach(stores.containers()::remove);
        if (!early.isEmpty()) {
            list(early);
        }
    }

    /**
     * Whether the list still shows a container as running that has ended. An engine tells of the
     * end first (moby's daemon/monitor.go logs "die", then unmounts, then writes the copy that
     * lists are made of); an inspection waits until all of that is done.
     */
    private boolean isEarly(String id, JsonNode entry) throws IOException {
        if (!entry.path("State").asText().equals("running")) {
            return false;
        }
        JsonNode details = engine.container(id);
        return details == null || !details.path("State").path("Running").asBoolean();
    }

    private void put(ObjectNode entry, ContainerChange change) throws IOException {
        String id = entry.path("Id").asText();
        Container old = stores.containers().byId(id);
        Instant before = old == null || !sameRun(entry) ? null : old.run().since();
        Instant since = change.since() == null ? before : change.since();
        Resources resources = old == null ? Resources.NONE : old.resources();
        if (old == null || change.details()) {
            JsonNode details = engine.container(id);
            if (details == null) {
                stores.containers().remove(id);
                return;
            }
            since = since(details, status.get().skew());
            resources =
                    Resources.of(
                            details.path("HostConfig"),
                            details.path("Config").path("ExposedPorts"));
        }
        stores.containers()
                .put(Container.of(entry, status.get().ip(), since, resources, stores.networks()));
    }

    /** Whether a container has neither started nor ended since it was put into the store. */
    private boolean sameRun(ObjectNode entry) {
        Container old = stores.containers().byId(entry.path("Id").asText());
        return old != null && old.run().state().equals(entry.path("State").asText());
    }

    private static @Nullable Instant since(JsonNode details, Duration skew) {
        JsonNode state = details.path("State");
        String text =
                state.path(state.path("Running").asBoolean() ? "StartedAt" : "FinishedAt")
                        .asText("");
        try {
            Instant instant = Instant.parse(text);
            return instant.getEpochSecond() > 0 ? instant.plus(skew) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
