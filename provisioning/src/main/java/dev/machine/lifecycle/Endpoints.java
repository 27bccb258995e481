package dev.machine.lifecycle;

/**
 * The processes that serve virtual engines; driver {@code none} with {@code --swarm-master} makes
 * one.
 */
public interface Endpoints {
    /**
     * Starts the endpoint of a master and returns when it answers; one that runs already is no
     * error.
     */
    void start(String name);

    /**
     * Stops it, letting running requests end within a bounded time; one that is stopped already is
     * no error.
     */
    void stop(String name);

    /** Whether its process lives, by the lock that it holds. */
    boolean running(String name);

    /** Refuses a URL on which no endpoint of this computer can listen. */
    void check(String url);
}
