package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineMirror;
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

    private final Deadlines deadlines;
    private final Duration silence;
    private final ConcurrentMap<Key, PullFlight> flights = new ConcurrentHashMap<>();

    /** Credentials are part of it: nobody rides on those of another. */
    private record Key(
            EngineMirror engine,
            String image,
            @Nullable Platform platform,
            @Nullable String auth) {}

    public EnginePulls(Deadlines deadlines, Duration silence) {
        this.deadlines = deadlines;
        this.silence = silence;
    }

    @Override
    public void pull(
            EngineMirror engine,
            String image,
            @Nullable Platform platform,
            @Nullable String auth,
            Cancellation cancellation)
            throws PullFailed {
        Key key = new Key(engine, ImageName.familiar(image), platform, auth);
        PullFlight flight = join(key);
        try (Cancellation.Attachment gone = cancellation.attach(flight::left)) {
            flight.await(cancellation);
        } finally {
            flight.leave();
        }
    }

    private PullFlight join(Key key) {
        while (true) {
            PullFlight flight =
                    flights.computeIfAbsent(
                            key, x -> new PullFlight(key.engine, key.image, deadlines, silence));
            if (flight.board()) {
                flight.start(key.platform, key.auth, () -> flights.remove(key, flight));
                return flight;
            }
            // It has just ended or was given up: what comes now is a pull of its own.
            flights.remove(key, flight);
        }
    }
}
