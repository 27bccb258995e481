package dev.machine.swarm.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream on its way to somebody, with something to be done or known about what passes. All of it
 * passes through one method, the one that reads many bytes; a single byte takes the same way.
 */
public abstract class WatchedInput extends FilterInputStream {
    /** Watches that stream. */
    protected WatchedInput(InputStream in) {
        super(in);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] b, int off, int len) throws IOException;
}
