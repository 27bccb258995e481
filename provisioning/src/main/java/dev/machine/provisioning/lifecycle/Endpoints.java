package dev.machine.provisioning.lifecycle;

import java.time.Duration;

/**
 * The processes that serve virtual engines; driver {@code none} with {@code --swarm-master} makes
 * one.
 */
public interface Endpoints {
    /**
     * Starts the endpoint of a master and returns when it answers; one that runs already is no
     * error, and one whose process lives but does not answer is replaced.
     */
    void start(String name);

    /**
     * Stops it, letting running requests end within a bounded time; one that is stopped already is
     * no error.
     */
    void stop(String name);

    /** Whether its process lives, by the lock that it holds. */
    boolean running(String name);

    /**
     * Whether it serves: it answers {@code /_ping} within the deadline. A process may live and
     * serve nobody.
     */
    boolean answers(String name, Duration deadline);

    /** Refuses a URL on which no endpoint of this computer can listen. */
    void check(String url);
}
