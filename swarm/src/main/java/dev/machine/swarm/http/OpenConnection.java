package dev.machine.swarm.http;

/** A connection that the server ends when it stops, in any state. */
interface OpenConnection {
    /** Accepts no further request; a connection without a request closes now. */
    void closeSoon();

    /** Closes now. */
    void end();
}
