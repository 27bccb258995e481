package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets the engines pull, each through its own mirror and with its own CA. A caller that wants an
 * image which is being pulled already joins that pull. A pull is cancelled when its last caller has
 * gone, or when the engine has reported nothing for a minute.
 */
public final class EnginePulls implements Pulls {
    /**
     * How long an engine may report nothing during a pull. Engines report every change of every
     * layer.
     */
    public static final Duration SILENCE = Duration.ofSeconds(60);

    /**
     * How long a finished pull is remembered: longer than any create waits between missing an image
     * and asking for it.
     */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final Deadlines deadlines;
    private final Duration silence;
    private final ConcurrentMap<Key, PullFlight> flights = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, Long> landings = new ConcurrentHashMap<>();

    /**
     * Credentials are part of the key, so that nobody gets an image with the credentials of
     * another.
     */
    private record Key(
            EngineCache engine, String image, @Nullable Platform platform, @Nullable String auth) {}

    public EnginePulls(Deadlines deadlines, Duration silence) {
        this.deadlines = deadlines;
        this.silence = silence;
    }

    @Override
    public void pull(Order order, Cancellation cancellation, Runnable begun) throws PullFailed {
        Key key =
                new Key(
                        order.engine(),
                        ImageName.familiar(order.image()),
                        order.platform(),
                        order.auth());
        PullFlight flight = join(key, order.since());
        if (flight == null) {
            return;
        }
        try (Cancellation.Attachment gone = cancellation.attach(flight::left)) {
            flight.await(cancellation, begun);
        } finally {
            flight.leave();
        }
    }

    /** Joins or starts the pull; null if the image has arrived since the caller missed it. */
    private @Nullable PullFlight join(Key key, long since) {
        while (true) {
            PullFlight flight =
                    flights.computeIfAbsent(
                            key,
                            x ->
                                    landedAfter(key, since)
                                            ? null
                                            : new PullFlight(
                                                    key.engine, key.image, deadlines, silence));
            if (flight == null) {
                return null;
            }
            if (flight.board()) {
                flight.start(key.platform, key.auth, good -> ended(key, flight, good));
                return flight;
            }
            // That pull has just ended or was cancelled: start another one.
            flights.remove(key, flight);
        }
    }

    /** The order matters: a caller that no longer finds the flight must find the landing. */
    private void ended(Key key, PullFlight flight, boolean good) {
        if (good) {
            long now = System.nanoTime();
            landings.values().removeIf(landing -> now - landing > REMEMBERED.toNanos());
            landings.put(key, now);
        }
        flights.remove(key, flight);
    }

    private boolean landedAfter(Key key, long since) {
        Long landing = landings.get(key);
        return landing != null && landing - since > 0;
    }
}
