package dev.machine.swarm.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream whose subclass observes what is read. All reads, even of a single byte, go through the
 * method that reads many bytes.
 */
public abstract class WatchedInput extends FilterInputStream {
    /** Observes this stream. */
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
