package dev.machine.swarm.http;

/** A connection that the server ends when it stops, in whatever state it is. */
interface OpenConnection {
    /** No further request is taken; a connection without one closes now. */
    void closeSoon();

    /** Closes now. */
    void end();
}
