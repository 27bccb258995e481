package dev.machine.swarm.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many TLS handshakes with engines are under way at once. A handshake is computing: a hundred
 * of them side by side in a process that has just begun are all late together, are given up and
 * begun again, and nobody is ever served. An engine that does not go on with its handshake must not
 * keep the others waiting for long, so patience is bounded.
 */
public final class HandshakeLimit {
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Semaphore places = new Semaphore(AT_ONCE, true);

    interface Handshake<T> {
        T run() throws IOException;
    }

    /** Runs one as soon as there is a place, or when patience has ended. */
    <T> T run(Handshake<T> handshake) throws IOException {
        boolean placed = enter();
        try {
            return handshake.run();
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    private boolean enter() throws IOException {
        try {
            return places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
    }
}
