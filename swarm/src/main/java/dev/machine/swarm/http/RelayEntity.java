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
 * A body on its way to a connection. HttpCore ends a chunked body properly even when its source
 * breaks, so a cut upload would look whole to an engine, and a dead engine's answer whole to a
 * client. Therefore a failing source first aborts the connection it is written to. Whatever is
 * there is flushed before the next wait, so that streams stream.
 */
@SuppressWarnings("NullAway") // HttpCore asks for nulls where there is nothing to say.
public final class RelayEntity implements HttpEntity {
    private static final int BUFFER = 32 * 1024;

    private final Response.Writer source;
    private final long length;
    private final Runnable abort;

    private RelayEntity(Response.Writer source, long length, Runnable abort) {
        this.source = source;
        this.length = length;
        this.abort = abort;
    }

    /** Bytes that are read from a stream; abort is called before a read error travels on. */
    public static RelayEntity of(InputStream source, long length, Runnable abort) {
        return new RelayEntity(out -> copy(source, out), length, abort);
    }

    /** Bytes that are written by code of ours; abort is called before its error travels on. */
    public static RelayEntity of(Response.Writer source, long length, Runnable abort) {
        return new RelayEntity(source, length, abort);
    }

    /** Passes bytes on until their end; what is there is flushed before the next wait. */
    static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
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
