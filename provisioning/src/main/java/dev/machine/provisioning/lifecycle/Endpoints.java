package dev.machine.provisioning.lifecycle;

import java.time.Duration;

/**
 * The endpoints of this computer, each of which serves one Docker endpoint over a swarm; driver
 * {@code none} with {@code --swarm-master} makes one.
 */
public interface Endpoints {
    /**
     * Starts the endpoint of a master and returns when it answers. Does nothing if it runs already;
     * an endpoint that runs but does not answer is replaced.
     */
    void start(String name);

    /**
     * Stops it after its running requests have ended, within a limited time. Does nothing if it is
     * stopped.
     */
    void stop(String name);

    /** Whether its process runs, by the lock that it holds. */
    boolean running(String name);

    /**
     * Whether it answers {@code /_ping} within the deadline. A process may run without answering.
     */
    boolean answers(String name, Duration deadline);

    /** Refuses a URL on which no endpoint of this computer can listen. */
    void check(String url);
}
