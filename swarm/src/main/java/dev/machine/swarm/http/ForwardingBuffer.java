package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/** An input buffer that passes everything through; a subclass can check its lines. */
abstract class ForwardingBuffer implements SessionInputBuffer {
    final SessionInputBuffer buffer;

    ForwardingBuffer(SessionInputBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public final int length() {
        return buffer.length();
    }

    @Override
    public final int capacity() {
        return buffer.capacity();
    }

    @Override
    public final int available() {
        return buffer.available();
    }

    @Override
    public final int read(byte[] b, int off, int len, InputStream in) throws IOException {
        return buffer.read(b, off, len, in);
    }

    @Override
    public final int read(byte[] b, InputStream in) throws IOException {
        return buffer.read(b, in);
    }

    @Override
    public final int read(InputStream in) throws IOException {
        return buffer.read(in);
    }

    @Override
    public final HttpTransportMetrics getMetrics() {
        return buffer.getMetrics();
    }
}
