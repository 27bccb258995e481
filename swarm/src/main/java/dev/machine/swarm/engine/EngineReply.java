package dev.machine.swarm.engine;

import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RawStream;
import dev.machine.swarm.http.RequestMemory;
import dev.machine.swarm.http.WatchedInput;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An engine's answer. Read to its end, its connection is used again; closed before, the connection
 * is dropped, because the rest of a stream may never come.
 */
public final class EngineReply implements Closeable {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final int status;
    private final Headers headers;
    private final long length;
    private final boolean raw;
    private final EngineConnection connection;
    private final Cancellation.Attachment cancellation;
    private final AtomicBoolean over = new AtomicBoolean();
    private final InputStream body;

    /**
     * @param length of the body in bytes, 0 for none, -1 if unknown
     * @param raw whether it goes to the end of the connection
     */
    EngineReply(
            int status,
            Headers headers,
            long length,
            boolean raw,
            InputStream content,
            EngineConnection connection,
            Cancellation.Attachment cancellation) {
        this.status = status;
        this.headers = headers;
        this.length = length;
        this.raw = raw;
        this.connection = connection;
        this.cancellation = cancellation;
        this.body = new Content(content);
        if (length == 0) {
            end(true);
        }
    }

    public int status() {
        return status;
    }

    public Headers headers() {
        return headers;
    }

    public long length() {
        return length;
    }

    public InputStream body() {
        return body;
    }

    /**
     * All of the body.
     *
     * @param share what the client's request holds
     * @throws TooLongException if it is longer than {@link LimitedJson#MAX_ANSWER}
     */
    public byte[] whole(RequestMemory.Share share) throws IOException {
        return whole(share, LimitedJson.MAX_ANSWER);
    }

    /**
     * The same with another limit.
     *
     * @param most bytes
     */
    public byte[] whole(RequestMemory.Share share, int most) throws IOException {
        EngineConnection.Rest rest = connection.rest();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = rest.read(body, buffer); n >= 0; n = rest.read(body, buffer)) {
            if (all.size() + n > most) {
                throw new TooLongException("the engine's answer is longer than " + size(most));
            }
            share.take(2L * n);
            all.write(buffer, 0, n);
        }
        byte[] bytes = all.toByteArray();
        // While it came it lay there twice.
        share.give(bytes.length);
        return bytes;
    }

    private static String size(int bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }

    /**
     * The connection as raw bytes both ways, if the engine has given it away (101), or if it
     * answers to the connection's end, as it does to an attach without an upgrade; else null.
     */
    public @Nullable RawStream raw() {
        return raw ? new Taken() : null;
    }

    @Override
    public void close() {
        end(false);
    }

    private void end(boolean whole) {
        if (over.compareAndSet(false, true)) {
            cancellation.close();
            connection.done(whole);
        }
    }

    private final class Content extends WatchedInput {
        Content(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (over.get()) {
                if (length == 0 || connection.finishedWell()) {
                    return -1;
                }
                throw new IOException("the engine's answer was ended");
            }
            int n = in.read(b, off, len);
            if (n < 0) {
                end(true);
            }
            return n;
        }

        @Override
        public int available() throws IOException {
            return over.get() ? 0 : in.available();
        }

        @Override
        public void close() {
            end(false);
        }
    }

    private final class Taken implements RawStream {
        @Override
        public InputStream in() {
            return body;
        }

        @Override
        public OutputStream out() {
            return connection.output();
        }

        @Override
        public void endOut() throws IOException {
            connection.endOutput();
        }

        @Override
        public void close() {
            end(false);
        }
    }
}
