package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** The request's body; reports when it has been read. */
final class Upload implements RequestBody {
    private final WireConnection wire;
    private final @Nullable HttpEntity entity;
    private final CountDownLatch done;
    private final @Nullable InputStream content;
    private volatile boolean permission;
    private volatile boolean ended;
    private volatile boolean broken;
    private boolean answering;

    Upload(WireConnection wire, @Nullable HttpEntity entity, boolean permission)
            throws IOException {
        this.wire = wire;
        this.entity = entity;
        this.permission = permission && entity != null;
        this.content = entity == null ? null : new Watched(entity.getContent());
        this.ended = entity == null || entity.getContentLength() == 0;
        this.done = new CountDownLatch(ended ? 0 : 1);
    }

    @Override
    public long length() {
        return entity == null ? NONE : entity.isChunked() ? CHUNKED : entity.getContentLength();
    }

    @Override
    public InputStream open() throws IOException {
        if (content == null) {
            return InputStream.nullInputStream();
        }
        if (permission && !answering) {
            permission = false;
            try {
                wire.sendResponseHeader(new BasicClassicHttpResponse(100));
                wire.flush();
            } catch (HttpException e) {
                throw new IOException(e);
            }
        }
        return content;
    }

    /** From now on the client hears nothing but the answer. */
    void answering() {
        answering = true;
    }

    boolean awaitsPermission() {
        return permission;
    }

    boolean broken() {
        return broken;
    }

    /** Waits until it has been read to its end, or nobody wants it any more. */
    void await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody wants it any more. */
    void over() {
        done.countDown();
    }

    /** What is left of it, or null. */
    @Nullable InputStream rest() {
        return ended ? null : content;
    }

    private final class Watched extends WatchedInput {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = ended ? -1 : readOrBreak(b, off, len);
            if (n < 0) {
                ended = true;
                done.countDown();
            }
            return n;
        }

        private int readOrBreak(byte[] b, int off, int len) throws IOException {
            boolean good = false;
            try {
                int n = in.read(b, off, len);
                good = true;
                return n;
            } finally {
                broken |= !good;
            }
        }

        @Override
        public void close() {
            // HttpCore would read to the end of the body here; what is left is drained with a
            // limit instead.
        }
    }
}
