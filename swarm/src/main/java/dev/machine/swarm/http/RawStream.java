package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Raw bytes in both directions: a connection after an attach or an exec has taken it over (RFC
 * 9110, section 7.8). Each direction ends on its own. Closing ends both at once, even while other
 * threads read or write.
 */
public interface RawStream extends Closeable {
    /** What the peer sends; a read fails if the connection broke off. */
    InputStream in();

    /** What the peer receives; bytes are sent as soon as they are written. */
    OutputStream out();

    /** Ends the output; the peer can still send. */
    void endOut() throws IOException;
}
