package dev.machine.swarm.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many TLS handshakes with engines run at once. A handshake needs the CPU: if a process
 * that has just started makes a hundred at once, all of them miss their deadline, are repeated, and
 * none ever succeeds. An engine that stops in the middle of its handshake must not hold up the
 * others, so the wait for a place is bounded.
 */
public final class HandshakeLimit {
    private static final int MAX_HANDSHAKES = 8;
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private final Semaphore places = new Semaphore(MAX_HANDSHAKES, true);

    interface Handshake<T> {
        T run() throws IOException;
    }

    /** Runs a handshake when there is a place, or after the longest wait without one. */
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
            return places.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
    }
}
