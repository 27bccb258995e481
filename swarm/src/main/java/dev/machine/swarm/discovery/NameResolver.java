package dev.machine.swarm.discovery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the name of one engine: asks it on a thread of its own, with growing pauses, until it has
 * answered.
 */
final class NameResolver {
    private static final Logger LOG = LoggerFactory.getLogger(NameResolver.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 5;

    private final EngineAddress engine;
    private final NameLookup question;
    private final InstantSource clock;
    private volatile @Nullable String name;
    private volatile String error = "it has not answered yet";
    private volatile Instant next = Instant.MIN;
    private int failures;

    NameResolver(EngineAddress engine, NameLookup question, InstantSource clock) {
        this.engine = engine;
        this.question = question;
        this.clock = clock;
    }

    /** Asks on a new thread, if it is time to and no other thread is asking. */
    void go() {
        if (name == null && !clock.instant().isBefore(next)) {
            next = Instant.MAX;
            Thread.ofVirtual().name("name-" + engine).start(this::ask);
        }
    }

    private void ask() {
        try {
            name = question.ask(engine);
        } catch (IOException | RuntimeException | Error e) {
            String reason = e.getMessage();
            error = reason == null ? e.getClass().getSimpleName() : reason;
            LOG.debug("{} does not say its name: {}", engine, error);
            next =
                    clock.instant()
                            .plus(
                                    FIRST_PAUSE.multipliedBy(
                                            1L << Math.min(failures, MAX_DOUBLINGS)));
            failures++;
        }
    }

    /** The name that the engine reports; null until it has answered. */
    @Nullable String name() {
        return name;
    }

    /** Why there is no name yet. */
    String error() {
        return error;
    }
}
