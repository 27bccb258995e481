package dev.machine.driver.digitalocean;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps all machines of one command together within DigitalOcean's limit of 250 requests a minute
 * (its API reference, "Rate Limit"): a few at once, then four a second.
 */
final class RateLimiter {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final int BURST = 10;

    private final DriverClock time;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant next = Instant.MIN;

    RateLimiter(DriverClock time) {
        this.time = time;
    }

    /** Waits until one more request is allowed. */
    void take() {
        Duration wait;
        lock.lock();
        try {
            Instant now = time.now();
            Instant earliest = now.minus(INTERVAL.multipliedBy(BURST - 1L));
            next = next.isBefore(earliest) ? earliest : next;
            wait = Duration.between(now, next);
            next = next.plus(INTERVAL);
        } finally {
            lock.unlock();
        }
        time.pause(wait);
    }

    /** Allows no request until then, because the API asked for it. */
    void holdUntil(Instant then) {
        lock.lock();
        try {
            next = next.isBefore(then) ? then : next;
        } finally {
            lock.unlock();
        }
    }
}
