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
 * Pulls by the engines themselves, each node through its own mirror and with its own CA. Who wants
 * what is on its way already joins; the pull ends when the last of them has gone, or when the
 * engine has said nothing for a minute.
 */
public final class EnginePulls implements Pulls {
    /** The longest silence of a pull: engines report every change of every layer. */
    public static final Duration SILENCE = Duration.ofSeconds(60);

    /** Longer than any create that missed an image waits for its turn to ask for it. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final Deadlines deadlines;
    private final Duration silence;
    private final ConcurrentMap<Key, PullFlight> flights = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, Long> landings = new ConcurrentHashMap<>();

    /** Credentials are part of it: nobody rides on those of another. */
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

    /** Null if the image has come since it was missed. */
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
            // It has just ended or was given up: what comes now is a pull of its own.
            flights.remove(key, flight);
        }
    }

    /** In this order: who finds no flight finds the landing. */
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
