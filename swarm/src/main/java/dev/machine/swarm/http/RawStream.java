package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Raw bytes both ways: what a connection is after an attach or an exec has taken it over (RFC 9110,
 * section 7.8). Each way ends on its own; closing ends both at once, whoever reads or writes.
 */
public interface RawStream extends Closeable {
    /** What the peer sends; a read fails if the peer did not end it but vanished. */
    InputStream in();

    /** What the peer receives, as soon as it is written. */
    OutputStream out();

    /** Says that no more will be written; what the peer sends still comes. */
    void endOut() throws IOException;
}
