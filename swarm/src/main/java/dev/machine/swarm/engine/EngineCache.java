package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.http.Deadlines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine, live: reached, listed, followed by its events, pinged, lost and found again, on
 * virtual threads of its own. Reading it never waits for the engine.
 */
public final class EngineCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCache.class);

    /** The newest version of the Engine API that the endpoint speaks. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    /** In longest pauses: a connection that has lasted so long was a good one. */
    private static final int LASTED = 2;

    /** An id has 64 characters, the name of a volume is that of a folder. */
    private static final int LONGEST_NAME = 255;

    /** Bytes of a tree for each byte of its text. */
    private static final int TREE = 4;

    private final Member member;
    private final EngineClient client;
    private final EngineTimings timings;
    private final AnswerMemory.Share containerRoom;
    private final AnswerMemory.Share imageRoom;
    private final InstantSource clock;
    private final EngineListener listener;
    private final ContainerStore containers = new ContainerStore();
    private final VolumeStore volumes = new VolumeStore();
    private final CountDownLatch heard = new CountDownLatch(1);
    private final Reflector reflector = new Reflector(this);

    /**
     * What wakes the keeper: the reason why the event stream ended, or an empty text to look
     * around.
     */
    private final LinkedBlockingQueue<String> signals = new LinkedBlockingQueue<>();

    private volatile JsonNode version = MissingNode.getInstance();
    private volatile List<ObjectNode> images = List.of();
    private volatile EngineStatus status;
    private volatile boolean closed;

    public EngineCache(
            Member member,
            Supplier<SSLContext> tls,
            Deadlines deadlines,
            EngineTimings timings,
            HandshakeLimit handshakes,
            AnswerMemory room,
            InstantSource clock,
            EngineListener listener) {
        this.member = member;
        this.containerRoom = room.share(1);
        this.imageRoom = room.share(TREE);
        this.client = new EngineClient(member, tls, deadlines, timings.connect(), handshakes, room);
        this.timings = timings;
        this.clock = clock;
        this.listener = listener;
        this.status = new EngineStatus(EngineState.PENDING, null, null, member.host(), null);
    }

    /** Starts to live. */
    public void start() {
        Thread.ofVirtual().name("keep-" + name()).start(this::keep);
        Thread.ofVirtual().name("refresh-" + name()).start(reflector::run);
    }

    public Member member() {
        return member;
    }

    public String name() {
        return member.name();
    }

    public EngineStatus status() {
        return status;
    }

    public ContainerStore containers() {
        return containers;
    }

    /** The engine's images as it lists them; do not change them. */
    public List<ObjectNode> images() {
        return images;
    }

    /** The volumes that only this engine has. */
    public VolumeStore volumes() {
        return volumes;
    }

    public EngineClient client() {
        return client;
    }

    public EngineTimings timings() {
        return timings;
    }

    /** What is known of a container is out of date; its next readers wait for the news. */
    public void invalidate(String id) {
        reflector.container(id, null, false);
    }

    /** The same, and its settings (CPU, memory, ports) may have changed as well. */
    public void invalidateDetails(String id) {
        reflector.container(id, null, true);
    }

    /** A container is known to have ended; its next readers wait for the news. */
    public void ended(String id) {
        reflector.ended(id, null);
    }

    /** What is known of the images is out of date; their next readers wait for the news. */
    public void invalidateImages() {
        reflector.images();
    }

    /** What is known of the volumes is out of date; their next readers wait for the news. */
    public void invalidateVolumes() {
        reflector.volumes();
    }

    /**
     * Waits, at most the time given, until the engine has been reached for the first time or is
     * known not to answer.
     */
    public void awaitFirst(Duration most) throws InterruptedException {
        heard.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * A container was made through the endpoint: it is known at once, without asking the engine.
     *
     * @param entry what is known of it, in the form of an entry of the engine's list
     */
    public void adopt(ObjectNode entry, Container.Promise promise) {
        containers.put(Container.of(entry, status.ip(), null, promise));
    }

    /** The engine has said that it removed a container. */
    public void removed(String id) {
        containers.remove(id);
        reflector.container(id, null, false);
    }

    /** Fetches what is known to have changed without further delay; does not wait for it. */
    public void refreshNow() {
        if (status.healthy()) {
            reflector.refreshNow();
        }
    }

    /** Waits, at most the time given, until what is known to have changed has been fetched. */
    public void awaitFresh(Duration most) throws InterruptedException {
        if (status.healthy()) {
            reflector.awaitFresh(most);
        }
    }

    /**
     * The same for the images alone: returns at once as long as nothing is known to have changed
     * them.
     */
    public void awaitFreshImages(Duration most) throws InterruptedException {
        if (status.healthy()) {
            reflector.awaitFreshImages(most);
        }
    }

    @Override
    public void close() {
        closed = true;
        status =
                new EngineStatus(
                        EngineState.DISCONNECTED,
                        null,
                        status.facts(),
                        status.ip(),
                        status.updatedAt());
        reflector.close();
        client.close();
        containerRoom.drop();
        imageRoom.drop();
        heard.countDown();
        signals.add("");
        LOG.info("node {} left", name());
    }

    private void keep() {
        int failures = 0;
        try {
            while (!closed) {
                long begin = System.nanoTime();
                try {
                    connect();
                    follow();
                } catch (IOException | RuntimeException | Error e) {
                    // An error, too: without this loop the node would be lost for ever.
                    lost(e);
                    cutIfGone();
                }
                // An engine that comes and goes is asked less and less until it stays for a while.
                if (System.nanoTime() - begin > timings.backoffMost().toNanos() * LASTED) {
                    failures = 0;
                }
                if (!closed) {
                    signals.clear();
                    signals.poll(backoff(failures++), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long backoff(int failures) {
        long most = timings.backoffMost().toMillis();
        long pause = Math.min(most, timings.backoffFirst().toMillis() << Math.min(failures, 16));
        return pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    }

    private void connect() throws IOException {
        // One for the events, one for the calls.
        client.reach();
        client.reach();
        version = client.json("/version", timings.inspect());
        ApiVersion highest = ApiVersion.parse(version.path("ApiVersion").asText(""));
        ApiVersion lowest = ApiVersion.parse(version.path("MinAPIVersion").asText("1.24"));
        if (highest == null || lowest == null) {
            throw new IOException("what answers there is not a Docker engine");
        }
        EngineFacts facts = facts(lowest, highest);
        String ip = resolve();
        // Nobody may work with it before it is listed, but the lists are made with what is known.
        status = new EngineStatus(status.state(), status.error(), facts, ip, clock.instant());
        // Events first, lists second: what happens in between is seen twice, never missed.
        EngineReply events = client.send(EngineRequest.get(path("/events")));
        if (events.status() != 200) {
            events.close();
            throw new IOException("the engine answered " + events.status() + " to /events");
        }
        Thread.ofVirtual()
                .name("events-" + name())
                .start(new EventStream(events, this::event, signals::add));
        try {
            reflector.listAll();
        } catch (IOException | RuntimeException | Error e) {
            events.close();
            throw e;
        }
        found(facts, ip);
    }

    private EngineFacts facts(ApiVersion lowest, ApiVersion highest) throws IOException {
        ApiVersion speak = NEWEST.within(lowest, highest);
        EngineFacts facts =
                EngineFacts.of(
                        client.json("/v" + speak + "/info", timings.list()),
                        version,
                        lowest,
                        highest,
                        clock.instant());
        if (facts.cpus() <= 0 || facts.memory() <= 0) {
            throw new IOException(
                    "what answers there has no CPUs or memory: is it a Docker engine?");
        }
        return facts;
    }

    private String resolve() {
        try {
            return InetAddress.getByName(member.host()).getHostAddress();
        } catch (UnknownHostException e) {
            return member.host();
        }
    }

    private void found(EngineFacts facts, String ip) {
        EngineState before = status.state();
        if (closed) {
            return;
        }
        status = new EngineStatus(EngineState.HEALTHY, null, facts, ip, clock.instant());
        LOG.info(
                "node {} {}: {} with Docker {}",
                name(),
                before == EngineState.PENDING ? "joined" : "is back",
                member.address(),
                facts.serverVersion());
        heard.countDown();
        listener.changed(
                this, before == EngineState.PENDING ? "engine_connect" : "engine_reconnect");
    }

    private void cutIfGone() {
        try {
            client.cutIfGone();
        } catch (UnknownHostException e) {
            LOG.debug("node {}: {}", name(), e.toString());
        }
    }

    private void lost(Throwable e) {
        client.giveUp();
        EngineStatus before = status;
        if (closed) {
            return;
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        boolean known = before.state() != EngineState.PENDING || e instanceof TooLongException;
        status =
                new EngineStatus(
                        known ? EngineState.UNHEALTHY : EngineState.PENDING,
                        reason,
                        before.facts(),
                        before.ip(),
                        before.updatedAt());
        heard.countDown();
        if (before.healthy()) {
            LOG.warn("node {} lost: {}", name(), reason);
            listener.changed(this, "engine_disconnect");
        } else if (!reason.equals(before.error())) {
            LOG.warn("node {} does not answer: {}", name(), reason);
        }
    }

    /** Returns when closed; throws when the engine is lost. */
    private void follow() throws IOException, InterruptedException {
        // Not by the time of day, which may be set back.
        long listed = System.nanoTime();
        while (!closed) {
            String ended = signals.poll(timings.pingEvery().toMillis(), TimeUnit.MILLISECONDS);
            if (closed) {
                return;
            }
            if (ended != null && !ended.isEmpty()) {
                throw new IOException(ended);
            }
            client.ping(timings.ping());
            EngineStatus now = status;
            EngineFacts facts = now.facts();
            if (System.nanoTime() - listed > timings.relistEvery().toNanos() && facts != null) {
                facts = facts(facts.lowest(), facts.highest());
                reflector.everything();
                listed = System.nanoTime();
            }
            if (!closed) {
                status =
                        new EngineStatus(
                                EngineState.HEALTHY, null, facts, now.ip(), clock.instant());
            }
        }
    }

    private void event(ObjectNode event, int bytes) {
        String type = event.path("Type").asText("");
        String action = event.path("Action").asText("");
        switch (type) {
            case "container" -> containerEvent(event, action);
            case "image" -> reflector.images();
            case "volume" -> volumeEvent(event, action);
            case "daemon" -> reflector.everything();
            default -> {}
        }
        listener.event(this, event, bytes);
    }

    private void containerEvent(ObjectNode event, String action) {
        String id = event.path("Actor").path("ID").asText("");
        if (id.isEmpty() || id.length() > LONGEST_NAME) {
            return;
        }
        switch (action) {
            case "destroy" -> {
                if (!containers.remove(id)) {
                    reflector.everything();
                }
                if (!reflector.idle()) {
                    reflector.container(id, null, false);
                }
            }
            case "start", "restart" -> reflector.container(id, time(event).plus(skew()), false);
            case "die" -> reflector.ended(id, time(event).plus(skew()));
            case "update" -> reflector.container(id, null, true);
            case "create", "pause", "unpause", "rename", "oom", "stop", "kill" ->
                    reflector.container(id, null, false);
            case "commit" -> reflector.images();
            default -> {
                if (action.startsWith("health_status")) {
                    reflector.container(id, null, false);
                }
            }
        }
    }

    private void volumeEvent(ObjectNode event, String action) {
        String name = event.path("Actor").path("ID").asText("");
        if (name.length() > LONGEST_NAME) {
            return;
        }
        switch (action) {
            case "create" -> {
                String driver = event.path("Actor").path("Attributes").path("driver").asText("");
                // Only the list says whether other nodes have it, too.
                if (!driver.equals("local") || !volumes.created(name)) {
                    reflector.volumes();
                }
            }
            case "destroy" -> {
                if (!volumes.removed(name)) {
                    reflector.volumes();
                }
            }
            case "prune" -> reflector.volumes();
            default -> {}
        }
    }

    private static Instant time(JsonNode event) {
        long nanos = event.path("timeNano").asLong();
        return nanos > 0
                ? Instant.ofEpochSecond(0, nanos)
                : Instant.ofEpochSecond(event.path("time").asLong());
    }

    /** What must be added to the engine's times. */
    Duration skew() {
        EngineFacts facts = status.facts();
        return facts == null ? Duration.ZERO : facts.skew();
    }

    void listImages() throws IOException {
        List<ObjectNode> fresh = new ArrayList<>();
        try (AnswerMemory.Reading room = imageRoom.read()) {
            entries(
                    "/images/json",
                    entry -> {
                        room.add(entry);
                        fresh.add(LimitedJson.object(entry));
                    });
            images = List.copyOf(fresh);
            room.keep();
        }
    }

    /** The room that its list of containers takes. */
    AnswerMemory.Share containerRoom() {
        return containerRoom;
    }

    /** A list of it is beyond all limits: the cache would no longer be true. */
    void overflow(TooLongException e) {
        signals.add(String.valueOf(e.getMessage()));
    }

    /**
     * Hands over the entries of a list, in the newest version both sides speak.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    public void entries(String path, EngineClient.EntryTaker taker) throws IOException {
        client.entries(path(path), timings.list(), taker);
    }

    /** Asks for JSON in the newest version both sides speak. */
    public JsonNode get(String path, Duration deadline) throws IOException {
        return client.json(path(path), deadline);
    }

    /** The path under the newest version both sides speak. */
    public String path(String path) {
        @Nullable EngineFacts facts = status.facts();
        return facts == null ? path : "/v" + facts.speak(NEWEST) + path;
    }
}
