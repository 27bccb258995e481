package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches anew what has changed on one engine: everything marked within a moment, or while it was
 * busy, goes into one list of those ids. Readers that must see a change they know of hurry it and
 * wait until it is settled. Full lists go through here too, so that an old answer never overwrites
 * a newer one.
 */
final class Reflector {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

    /** A create and the start that follows it are one change. */
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(50);

    /** Containers in one question; when more have changed, all are listed. */
    static final int MOST_TOUCHED = 1000;

    private final EngineCache engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Map<String, Touch> dirty = new HashMap<>();
    private boolean images;
    private boolean volumes;
    private boolean everything;
    private boolean closed;
    private boolean urgent;
    private long markedAt;
    private long marked;
    private long settled;

    /** What must be settled before the list of images is as new as what is known of it. */
    private long imagesMark;

    /**
     * What is known of a change: the moment, if it began or ended a run, whether its promises may
     * differ, and whether it was an end.
     */
    private record Touch(@Nullable Instant since, boolean inspect, boolean ended) {
        Touch and(Touch later) {
            return new Touch(
                    later.since == null ? since : later.since,
                    inspect || later.inspect,
                    ended || later.ended);
        }
    }

    private record Work(
            Map<String, Touch> containers,
            boolean images,
            boolean volumes,
            boolean everything,
            long mark) {}

    Reflector(EngineCache engine) {
        this.engine = engine;
    }

    void container(String id, @Nullable Instant since, boolean inspect) {
        mark(() -> touch(id, new Touch(since, inspect, false)));
    }

    /** A container has ended, by itself or because it was made to. */
    void ended(String id, @Nullable Instant since) {
        mark(() -> touch(id, new Touch(since, false, true)));
    }

    private void touch(String id, Touch touch) {
        if (dirty.size() < MOST_TOUCHED || dirty.containsKey(id)) {
            dirty.merge(id, touch, Touch::and);
        } else {
            everything = true;
        }
    }

    void images() {
        mark(this::markImages);
    }

    void volumes() {
        mark(() -> volumes = true);
    }

    void everything() {
        mark(
                () -> {
                    markImages();
                    everything = true;
                });
    }

    private void markImages() {
        images = true;
        imagesMark = marked + 1;
    }

    private void mark(Runnable change) {
        lock.lock();
        try {
            change.run();
            if (settled == marked) {
                markedAt = System.nanoTime();
            }
            marked++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean idle() {
        lock.lock();
        try {
            return settled == marked;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waits, or is about to: what is marked is fetched without further delay. */
    void refreshNow() {
        lock.lock();
        try {
            urgent = settled < marked;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that is marked now has been fetched, at most the time given. */
    void awaitFresh(Duration most) throws InterruptedException {
        awaitFresh(most, false);
    }

    /** The same for what is known to have changed the images; other news is not waited for. */
    void awaitFreshImages(Duration most) throws InterruptedException {
        awaitFresh(most, true);
    }

    private void awaitFresh(Duration most, boolean imagesOnly) throws InterruptedException {
        lock.lock();
        try {
            long target = imagesOnly ? imagesMark : marked;
            if (settled < target) {
                refreshNow();
            }
            long nanos = most.toNanos();
            while (settled < target && nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void run() {
        for (Work work = next(); work != null; work = next()) {
            try {
                if (work.everything) {
                    listAll();
                } else if (work.images) {
                    engine.listImages();
                }
                if (work.volumes) {
                    listVolumes();
                }
                if (!work.containers.isEmpty()) {
                    list(work.containers);
                }
            } catch (TooLongException e) {
                engine.overflow(e);
            } catch (IOException | RuntimeException | Error e) {
                // The ping decides whether the engine is lost; the next full list mends what was
                // missed. Nothing may end this loop, or the lists would never be true again.
                LOG.debug("{}: cannot refresh: {}", engine.name(), e.toString());
            } finally {
                done(work.mark);
            }
        }
    }

    private @Nullable Work next() {
        lock.lock();
        try {
            while (!closed && (settled == marked || (!urgent && gathering() > 0))) {
                changed.awaitNanos(settled == marked ? TimeUnit.MINUTES.toNanos(1) : gathering());
            }
            if (closed) {
                return null;
            }
            Work work = new Work(dirty, images, volumes, everything, marked);
            dirty = new HashMap<>();
            images = false;
            volumes = false;
            everything = false;
            urgent = false;
            return work;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** How long it is still worth to wait for more. */
    private long gathering() {
        return markedAt + GATHER - System.nanoTime();
    }

    private void done(long mark) {
        lock.lock();
        try {
            settled = mark;
            markedAt = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists all containers and applies the answer entry by entry. The answer is read first: an
     * engine may be asked about each of them, and that takes longer than a list may.
     */
    void listAll() throws IOException {
        Set<String> gone = new HashSet<>(engine.containers().listing());
        try (AnswerMemory.Reading room = engine.containerRoom().read()) {
            Deque<byte[]> entries = read("/containers/json?all=1", room);
            for (byte[] entry : entries) {
                gone.remove(LimitedJson.id(entry));
            }
            gone.forEach(engine.containers()::remove);
            for (byte[] raw = entries.poll(); raw != null; raw = entries.poll()) {
                ObjectNode entry = LimitedJson.object(raw);
                // No event tells of what happened while the engine was not followed.
                put(entry, new Touch(null, !sameRun(entry), false));
            }
            room.keep();
        }
        engine.listImages();
        listVolumes();
    }

    private Deque<byte[]> read(String path, AnswerMemory.Reading room) throws IOException {
        Deque<byte[]> entries = new ArrayDeque<>();
        engine.entries(
                path,
                entry -> {
                    room.add(entry);
                    entries.add(entry);
                });
        return entries;
    }

    /** A volume driver that hangs or fails takes nothing but the news of volumes away. */
    private void listVolumes() throws IOException {
        engine.volumes().listing();
        try {
            engine.volumes().listed(engine.get("/volumes", engine.timings().list()));
        } catch (EngineStatusException | SocketTimeoutException e) {
            LOG.warn("node {}: volumes not listed: {}", engine.name(), e.getMessage());
        }
    }

    private void list(Map<String, Touch> touched) throws IOException {
        StringBuilder filter = new StringBuilder("{\"id\":[");
        touched.keySet()
                .forEach(
                        id ->
                                filter.append(filter.length() > 7 ? "," : "")
                                        .append('"')
                                        .append(id)
                                        .append('"'));
        String query = URLEncoder.encode(filter.append("]}").toString(), StandardCharsets.UTF_8);
        Set<String> gone = new HashSet<>(touched.keySet());
        Map<String, Touch> early = new HashMap<>();
        engine.containers().listing();
        try (AnswerMemory.Reading room = engine.containerRoom().read()) {
            Deque<byte[]> entries = read("/containers/json?all=1&filters=" + query, room);
            for (byte[] raw = entries.poll(); raw != null; raw = entries.poll()) {
                ObjectNode entry = LimitedJson.object(raw);
                String id = entry.path("Id").asText();
                gone.remove(id);
                Touch touch = touched.getOrDefault(id, new Touch(null, false, false));
                put(entry, touch);
                if (touch.ended && isEarly(id, entry)) {
                    early.put(id, new Touch(touch.since, false, false));
                }
            }
        }
        gone.forEach(engine.containers()::remove);
        if (!early.isEmpty()) {
            list(early);
        }
    }

    /**
     * An engine tells of an end before its own list shows it (moby's daemon/monitor.go logs "die",
     * then unmounts, then writes the copy that lists are made of). An inspection waits until all of
     * that is done.
     */
    private boolean isEarly(String id, JsonNode entry) throws IOException {
        if (!entry.path("State").asText().equals("running")) {
            return false;
        }
        JsonNode details = inspect(id);
        return details == null || !details.path("State").path("Running").asBoolean();
    }

    private void put(ObjectNode entry, Touch touch) throws IOException {
        String id = entry.path("Id").asText();
        Container old = engine.containers().byId(id);
        Instant before = old == null || !sameRun(entry) ? null : old.since();
        Instant since = touch.since == null ? before : touch.since;
        Container.Promise promise = old == null ? Container.Promise.NONE : old.promise();
        if (old == null || touch.inspect) {
            JsonNode details = inspect(id);
            if (details == null) {
                engine.containers().remove(id);
                return;
            }
            since = since(details, engine.skew());
            promise =
                    Container.Promise.of(
                            details.path("HostConfig"),
                            details.path("Config").path("ExposedPorts"));
        }
        engine.containers().put(Container.of(entry, engine.status().ip(), since, promise));
    }

    /** Whether a container has neither started nor ended since it was looked at last. */
    private boolean sameRun(ObjectNode entry) {
        Container old = engine.containers().byId(entry.path("Id").asText());
        return old != null && old.state().equals(entry.path("State").asText());
    }

    private @Nullable JsonNode inspect(String id) throws IOException {
        try {
            return engine.get("/containers/" + id + "/json", engine.timings().inspect());
        } catch (EngineStatusException e) {
            if (e.status() == 404) {
                return null;
            }
            throw e;
        }
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
