package dev.machine.swarm.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands every event to every reader without ever waiting for one. */
public final class EventHub {
    private static final int MAX_LAG_EVENTS = 4096;

    /** Bytes of events, as their engines told them, that one reader may lag behind. */
    static final int MAX_LAG_BYTES = 2 << 20;

    private final Set<Subscription> readers = ConcurrentHashMap.newKeySet();
    private final int room;

    public EventHub() {
        this(MAX_LAG_EVENTS);
    }

    EventHub(int room) {
        this.room = room;
    }

    public Subscription subscribe() {
        Subscription subscription = new Subscription(this, room);
        readers.add(subscription);
        return subscription;
    }

    /**
     * Hands an event on.
     *
     * @param bytes its length as its engine told it
     */
    void publish(ClusterEvent event, int bytes) {
        readers.forEach(reader -> reader.offer(event, bytes));
    }

    void remove(Subscription reader) {
        readers.remove(reader);
    }

    /** Ends all streams: the endpoint stops. */
    public void end() {
        readers.forEach(Subscription::end);
    }
}
