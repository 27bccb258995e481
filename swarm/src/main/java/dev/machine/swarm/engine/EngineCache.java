package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.discovery.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine as it is now: reached, listed, followed by its events, pinged, lost and found again,
 * on virtual threads of its own. Reading it never waits for the engine. The {@link Reflector} does
 * the listing; this class decides when the engine counts as healthy.
 */
public final class EngineCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCache.class);

    private final Member member;
    private final EngineClient client;
    private final EngineTimings timings;
    private final InstantSource clock;
    private final EngineListener listener;
    private final AtomicReference<EngineStatus> status;
    private final EngineStores stores = EngineStores.empty();
    private final RefreshQueue queue = new RefreshQueue();
    private final EngineCalls calls;
    private final Reflector reflector;
    private final WatchHandler watch;
    private final CountDownLatch firstContact = new CountDownLatch(1);

    /** What wakes the keeper: why the event stream ended, or an empty text to look around. */
    private final LinkedBlockingQueue<String> signals = new LinkedBlockingQueue<>();

    private volatile boolean closed;

    public EngineCache(
            Member member,
            Supplier<SSLContext> tls,
            EngineEnvironment environment,
            EngineListener listener) {
        this.member = member;
        this.listener = listener;
        timings = environment.timings();
        clock = environment.clock();
        status =
                new AtomicReference<>(
                        new EngineStatus(EngineState.PENDING, null, null, member.host(), null));
        client = new EngineClient(member, tls, environment);
        calls = new EngineCalls(member.name(), client, timings, clock, status::get);
        reflector = new Reflector(calls, stores, queue, status::get, environment.lists());
        watch = new WatchHandler(stores, queue, status::get, timings.ping());
    }

    /** Begins to reach for the engine; returns at once. */
    public void start() {
        Thread.ofVirtual().name("keep-" + name()).start(this::keep);
        Thread.ofVirtual().name("refresh-" + name()).start(() -> reflector.run(this::tooLong));
    }

    public Member member() {
        return member;
    }

    public String name() {
        return member.name();
    }

    public EngineStatus status() {
        return status.get();
    }

    public ContainerStore containers() {
        return stores.containers();
    }

    /** The engine's images as it lists them; do not change them. */
    public List<ObjectNode> images() {
        return stores.images().all();
    }

    public NetworkStore networks() {
        return stores.networks();
    }

    public VolumeStore volumes() {
        return stores.volumes();
    }

    public EngineClient client() {
        return client;
    }

    public EngineTimings timings() {
        return timings;
    }

    /** What is known of a container is out of date; its next readers wait for the news. */
    public void invalidate(String id) {
        queue.container(id, ContainerChange.ENTRY);
    }

    /** The same, and its settings (CPU, memory, ports) may have changed as well. */
    public void invalidateDetails(String id) {
        queue.container(id, ContainerChange.DETAILS);
    }

    /** A container is known to have ended; its next readers wait for the news. */
    public void ended(String id) {
        queue.container(id, ContainerChange.end(null));
    }

    /** What is known of the images is out of date; their next readers wait for the news. */
    public void invalidateImages() {
        queue.images();
    }

    /** What is known of the networks is out of date; their next readers wait for the news. */
    public void invalidateNetworks() {
        queue.networks();
    }

    /** A network was made through the endpoint: it is known at once, without asking the engine. */
    public void adopt(Network network) {
        stores.networks().created(network);
        queue.networks();
    }

    /** The engine has said that it removed a network. */
    public void removedNetwork(String id) {
        if (!stores.networks().removed(id)) {
            queue.networks();
        }
    }

    /** What is known of the volumes is out of date; their next readers wait for the news. */
    public void invalidateVolumes() {
        queue.volumes();
    }

    /**
     * Waits, at most the time given, until the engine has been reached for the first time or is
     * known not to answer.
     */
    public void awaitFirst(Duration most) throws InterruptedException {
        firstContact.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * A container was made through the endpoint: it is known at once, without asking the engine.
     *
     * @param entry what is known of it, in the form of an entry of the engine's list
     */
    public void adopt(ObjectNode entry, Resources resources) {
        stores.containers()
                .put(Container.of(entry, status().ip(), null, resources, stores.networks()));
    }

    /** The engine has said that it removed a container. */
    public void removed(String id) {
        stores.containers().remove(id);
        invalidate(id);
    }

    /** Fetches what is known to have changed without further delay; does not wait for it. */
    public void refreshNow() {
        if (status().healthy()) {
            queue.refreshNow();
        }
    }

    /** Waits, at most the time given, until what is known to have changed has been fetched. */
    public void awaitFresh(Duration most) throws InterruptedException {
        if (status().healthy()) {
            queue.awaitFresh(most);
        }
    }

    /**
     * The same for the images alone: returns at once as long as nothing is known to have changed
     * them.
     */
    public void awaitFreshImages(Duration most) throws InterruptedException {
        if (status().healthy()) {
            queue.awaitFreshImages(most);
        }
    }

    /**
     * Hands over the entries of a list, in the newest version both sides speak.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    public void entries(String path, EntryTaker taker) throws IOException {
        calls.entries(path, taker);
    }

    /** Asks for JSON in the newest version both sides speak. */
    public JsonNode get(String path, Duration deadline) throws IOException {
        return calls.get(path, deadline);
    }

    /** The path under the newest version both sides speak. */
    public String path(String path) {
        return calls.path(path);
    }

    @Override
    public void close() {
        closed = true;
        status.set(status().as(EngineState.DISCONNECTED, null));
        queue.close();
        client.close();
        reflector.close();
        firstContact.countDown();
        signals.add("");
        LOG.info("node {} left", name());
    }

    private void keep() {
        Backoff backoff = new Backoff(timings.backoffFirst(), timings.backoffMost());
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
                Duration pause = backoff.next(Duration.ofNanos(System.nanoTime() - begin));
                if (!closed) {
                    signals.clear();
                    signals.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect() throws IOException {
        // One for the events, one for the calls.
        client.reach();
        client.reach();
        EngineFacts facts = calls.firstFacts();
        String ip = resolve();
        // Nobody may work with it before it is listed, but the lists are made with what is known.
        EngineStatus before = status();
        status.set(new EngineStatus(before.state(), before.error(), facts, ip, clock.instant()));
        // Events first, lists second: what happens in between is seen twice, never missed.
        EngineReply events = calls.events();
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

    private String resolve() {
        try {
            return InetAddress.getByName(member.host()).getHostAddress();
        } catch (UnknownHostException e) {
            return member.host();
        }
    }

    private void event(ObjectNode event, int bytes) {
        watch.handle(event);
        listener.event(this, event, bytes);
    }

    private void found(EngineFacts facts, String ip) {
        EngineState before = status().state();
        if (closed) {
            return;
        }
        status.set(new EngineStatus(EngineState.HEALTHY, null, facts, ip, clock.instant()));
        LOG.info(
                "node {} {}: {} with Docker {}",
                name(),
                before == EngineState.PENDING ? "joined" : "is back",
                member.address(),
                facts.serverVersion());
        firstContact.countDown();
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
        EngineStatus before = status();
        if (closed) {
            return;
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        boolean known =
                before.state() != EngineState.PENDING
                        || e instanceof TooLongException
                        || e instanceof EngineTooNewException;
        status.set(before.as(known ? EngineState.UNHEALTHY : EngineState.PENDING, reason));
        firstContact.countDown();
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
            EngineStatus now = status();
            EngineFacts facts = now.facts();
            if (System.nanoTime() - listed > timings.relistEvery().toNanos() && facts != null) {
                facts = calls.facts(facts);
                queue.everything();
                listed = System.nanoTime();
            }
            if (!closed) {
                status.set(
                        new EngineStatus(
                                EngineState.HEALTHY, null, facts, now.ip(), clock.instant()));
            }
        }
    }

    /**
     * A list is beyond all limits: the engine counts as lost, for its cache is not true any more.
     */
    private void tooLong(TooLongException e) {
        signals.add(String.valueOf(e.getMessage()));
    }
}
