package dev.machine.swarm.cluster;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One reader of events. If it lags by too many events or bytes, it is cut off and its waiting
 * events are dropped, so that it can neither stop others nor fill the memory.
 */
public final class Subscription implements AutoCloseable {
    private final EventHub hub;
    private final LinkedBlockingQueue<Waiting> queue;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean lagged;
    private volatile boolean ended;
    private volatile Runnable cutOff = () -> {};

    private record Waiting(ClusterEvent event, int bytes) {}

    Subscription(EventHub hub, int room) {
        this.hub = hub;
        this.queue = new LinkedBlockingQueue<>(room);
    }

    void offer(ClusterEvent event, int length) {
        if (lagged) {
            return;
        }
        if (bytes.addAndGet(length) > EventHub.MAX_LAG_BYTES + (long) length
                || !queue.offer(new Waiting(event, length))) {
            lagged = true;
            hub.remove(this);
            queue.clear();
            cutOff.run();
        }
    }

    /** Also does this when the reader is cut off, because the reader may hang in a write. */
    public void onLag(Runnable action) {
        cutOff = action;
        if (lagged) {
            action.run();
        }
    }

    void end() {
        ended = true;
    }

    /** The next event, or null if none came in time. */
    public @Nullable ClusterEvent next(Duration most) throws InterruptedException {
        Waiting next = queue.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            return null;
        }
        bytes.addAndGet(-next.bytes);
        return next.event;
    }

    /** Whether events were lost because this reader was too slow. */
    public boolean lagged() {
        return lagged;
    }

    /** Whether no more events will come because the endpoint stops. */
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        hub.remove(this);
    }
}
