package dev.machine.swarm.image;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platforms of images in the registry. A healthy engine is asked to look them up, because only
 * the engines know the rack's mirror and its CA. Each name is asked for once, however many callers
 * want it. A caller waits at most three seconds, and not at all if the last look-up of the name
 * failed.
 */
final class RegistryAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryAnswers.class);
    private static final Duration KEEP_SUCCESS = Duration.ofMinutes(10);
    private static final Duration KEEP_FAILURE = Duration.ofSeconds(30);
    private static final int MAX_ENGINES_ASKED = 3;
    private static final int MAX_KNOWN_NAMES = 10_000;

    private final Supplier<Collection<EngineCache>> engines;
    private final InstantSource clock;
    private final Duration patience;
    private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<KnownPlatforms>> lookups =
            new ConcurrentHashMap<>();

    private record Answer(KnownPlatforms known, Instant until) {}

    RegistryAnswers(
            Supplier<Collection<EngineCache>> engines, InstantSource clock, Duration patience) {
        this.engines = engines;
        this.clock = clock;
        this.patience = patience;
    }

    /** What is known of each name; all are looked up at the same time. */
    Map<String, KnownPlatforms> ask(Set<String> names) {
        long end = System.nanoTime() + patience.toNanos();
        Map<String, CompletableFuture<KnownPlatforms>> futures = new HashMap<>();
        names.forEach(name -> futures.put(name, ask(name)));
        Map<String, KnownPlatforms> known = new HashMap<>();
        futures.forEach((name, future) -> known.put(name, await(future, end)));
        return known;
    }

    private static KnownPlatforms await(CompletableFuture<KnownPlatforms> future, long end) {
        try {
            return future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return KnownPlatforms.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return KnownPlatforms.UNKNOWN;
        }
    }

    private CompletableFuture<KnownPlatforms> ask(String name) {
        Answer answer = answers.get(name);
        if (answer != null && clock.instant().isBefore(answer.until)) {
            return CompletableFuture.completedFuture(answer.known);
        }
        CompletableFuture<KnownPlatforms> mine = new CompletableFuture<>();
        CompletableFuture<KnownPlatforms> flight = lookups.putIfAbsent(name, mine);
        if (flight == null) {
            flight = mine;
            Thread.ofVirtual().name("registry-" + name).start(() -> lookUp(name, answer, mine));
        }
        return answer != null && answer.known instanceof KnownPlatforms.Unknown
                ? CompletableFuture.completedFuture(KnownPlatforms.UNKNOWN)
                : flight;
    }

    private void lookUp(
            String name, @Nullable Answer before, CompletableFuture<KnownPlatforms> flight) {
        KnownPlatforms known = KnownPlatforms.UNKNOWN;
        try {
            known = fetch(name);
        } catch (RuntimeException | Error e) {
            LOG.warn("cannot look up the platforms of {}: {}", name, e.toString());
        } finally {
            boolean good = known instanceof KnownPlatforms.Platforms;
            if (known instanceof KnownPlatforms.Unknown
                    && before != null
                    && before.known instanceof KnownPlatforms.Platforms) {
                known = before.known;
            }
            if (answers.size() >= MAX_KNOWN_NAMES) {
                Instant now = clock.instant();
                answers.values().removeIf(answer -> answer.until.isBefore(now));
            }
            if (answers.size() >= MAX_KNOWN_NAMES) {
                // All are fresh, so somebody asks for more and more new names: forget them to limit
                // memory.
                answers.clear();
            }
            answers.put(
                    name,
                    new Answer(known, clock.instant().plus(good ? KEEP_SUCCESS : KEEP_FAILURE)));
            lookups.remove(name, flight);
            flight.complete(known);
        }
    }

    private KnownPlatforms fetch(String name) {
        long end = System.nanoTime() + patience.toNanos();
        List<EngineCache> healthy =
                engines.get().stream()
                        .filter(engine -> engine.status().healthy())
                        .limit(MAX_ENGINES_ASKED)
                        .toList();
        for (EngineCache engine : healthy) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (left.toMillis() <= 0) {
                return KnownPlatforms.UNKNOWN;
            }
            try {
                return DistributionAnswer.of(
                        200, engine.get("/distribution/" + name + "/json", left));
            } catch (EngineStatusException e) {
                if (RegistryErrors.refused(String.valueOf(e.getMessage()))) {
                    return KnownPlatforms.MISSING;
                }
                if (RegistryErrors.limited(e.status(), String.valueOf(e.getMessage()))) {
                    return KnownPlatforms.UNKNOWN;
                }
            } catch (IOException e) {
                // The next engine may be able to answer.
            }
        }
        return KnownPlatforms.UNKNOWN;
    }
}
