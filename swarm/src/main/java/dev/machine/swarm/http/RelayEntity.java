package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A body that is written to a connection. HttpCore ends a chunked body properly even when its
 * source fails, so a cut upload would look complete to an engine, and so would the answer of a dead
 * engine to a client. Therefore a failing source aborts the connection first. Bytes are flushed
 * before each wait for more, so that streams arrive in time.
 */
@SuppressWarnings("NullAway") // HttpCore expects null for absent values.
public final class RelayEntity implements HttpEntity {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Response.Writer source;
    private final long length;
    private final Runnable abort;

    private RelayEntity(Response.Writer source, long length, Runnable abort) {
        this.source = source;
        this.length = length;
        this.abort = abort;
    }

    /** A body that is read from a stream; abort is called before a read error is thrown on. */
    public static RelayEntity of(InputStream source, long length, Runnable abort) {
        return new RelayEntity(out -> copy(source, out), length, abort);
    }

    /** A body that the writer makes; abort is called before its error is thrown on. */
    public static RelayEntity of(Response.Writer source, long length, Runnable abort) {
        return new RelayEntity(source, length, abort);
    }

    /** Copies all bytes, and flushes them before each wait for more. */
    static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        boolean whole = false;
        try {
            source.writeTo(out);
            whole = true;
        } finally {
            if (!whole) {
                abort.run();
            }
        }
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isChunked() {
        return length < 0;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("this body can only be written");
    }

    @Override
    public @Nullable Supplier<List<? extends Header>> getTrailers() {
        return null;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    @Override
    public void close() {}
}
