package dev.machine.swarm.cluster;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One reader of events. It may lag by a limited number of events; then it is cut off, so that it
 * cannot hold others.
 */
public final class Subscription implements AutoCloseable {
    private final EventHub hub;
    private final LinkedBlockingQueue<ClusterEvent> queue;
    private volatile boolean lagged;
    private volatile boolean ended;

    Subscription(EventHub hub, int room) {
        this.hub = hub;
        this.queue = new LinkedBlockingQueue<>(room);
    }

    void offer(ClusterEvent event) {
        if (!queue.offer(event)) {
            lagged = true;
            hub.remove(this);
        }
    }

    void end() {
        ended = true;
    }

    /** The next event, or null if none came in time. */
    public @Nullable ClusterEvent next(Duration most) throws InterruptedException {
        return queue.poll(most.toMillis(), TimeUnit.MILLISECONDS);
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
