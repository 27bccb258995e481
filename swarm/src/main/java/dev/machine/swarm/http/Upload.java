package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The body of a request. It reports when it has been read. */
final class Upload implements RequestBody {
    /** A client that sends fewer bytes in the time of a stall only holds its place. */
    private static final int MIN_PROGRESS_BYTES = 16 * 1024;

    /** Further time for a late client to get its answer. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final WireConnection wire;
    private final @Nullable HttpEntity entity;
    private final Pace pace;
    private final RequestMemory.Share share;
    private final CountDownLatch done;
    private final @Nullable InputStream content;
    private volatile boolean permission;
    private volatile boolean ended;
    private volatile boolean broken;
    private volatile boolean late;
    private boolean answering;

    /** When a body that is needed as a whole must be complete; null for one that is passed on. */
    private @Nullable Long end;

    // For a body that is passed on: its bytes so far, and the time that was spent waiting for the
    // client.
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong waited = new AtomicLong();
    private volatile long since;
    private volatile boolean waiting;
    private volatile Deadlines.@Nullable Alarm stall;

    /**
     * How long a body may take.
     *
     * @param whole for one that is needed as a whole
     * @param stall in which one that is passed on must make some progress
     * @param abort ends the connection
     */
    record Pace(Deadlines deadlines, Duration whole, Duration stall, Runnable abort) {}

    Upload(
            WireConnection wire,
            @Nullable HttpEntity entity,
            boolean permission,
            Pace pace,
            RequestMemory.Share share)
            throws IOException {
        this.share = share;
        this.wire = wire;
        this.entity = entity;
        this.pace = pace;
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
        if (end == null && stall == null) {
            watch();
        }
        return content;
    }

    @Override
    public byte[] whole(int most) throws IOException {
        if (ended) {
            return new byte[0];
        }
        byte[] bytes = inTime(() -> RequestBody.super.whole(most));
        // While it was read, its bytes were in memory twice.
        share.give(bytes.length);
        return bytes;
    }

    @Override
    public void drop(int most) throws IOException {
        if (!ended) {
            inTime(
                    () -> {
                        RequestBody.super.drop(most);
                        return new byte[0];
                    });
            share.onlyHolds(0);
        }
    }

    private interface Reading {
        byte[] read() throws IOException;
    }

    private byte[] inTime(Reading reading) throws IOException {
        end = System.nanoTime() + pace.whole.toNanos();
        // After a time-out of the socket the client still gets an answer. Within a TLS record and
        // on a socket file there is no such time-out; there the connection is closed.
        try (Deadlines.Alarm cut = pace.deadlines.after(pace.whole.plus(GRACE), this::cut)) {
            return reading.read();
        } catch (SocketTimeoutException e) {
            late = true;
            throw problem();
        } finally {
            wire.setSocketTimeout(Timeout.DISABLED);
        }
    }

    private void cut() {
        late = true;
        pace.abort.run();
    }

    /** It may take any time, but while the client is waited for it must send something. */
    private void watch() {
        long before = passed.get();
        long waitedBefore = waitedInAll();
        stall =
                pace.deadlines.after(
                        pace.stall,
                        () -> {
                            if (ended || done.getCount() == 0) {
                                return;
                            }
                            long part = waitedInAll() - waitedBefore;
                            if (passed.get() - before < MIN_PROGRESS_BYTES
                                    && part > pace.stall.toNanos() / 10 * 9) {
                                cut();
                            } else {
                                watch();
                            }
                        });
    }

    private long waitedInAll() {
        return waited.get() + (waiting ? System.nanoTime() - since : 0);
    }

    /** From now on only the answer may be sent to the client. */
    void answering() {
        answering = true;
    }

    boolean awaitsPermission() {
        return permission;
    }

    boolean broken() {
        return broken;
    }

    /** The error for the client whose body was incomplete or late. */
    HttpProblem problem() {
        return late
                ? new HttpProblem(
                        408,
                        "the body of the request did not come within "
                                + pace.whole.toSeconds()
                                + " s")
                : new HttpProblem(
                        400, "the body of the request is incomplete or is not valid HTTP");
    }

    /** Waits until it has been read to its end, or nobody needs it any more. */
    void await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody needs it any more. */
    void over() {
        done.countDown();
        Deadlines.Alarm alarm = stall;
        if (alarm != null) {
            alarm.close();
        }
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
                // Must come first: another thread then waits for what the client sends next.
                wire.setSocketTimeout(Timeout.DISABLED);
                over();
            } else {
                passed.addAndGet(n);
            }
            return n;
        }

        private int readOrBreak(byte[] b, int off, int len) throws IOException {
            boolean good = false;
            Long last = end;
            if (last != null) {
                long left = TimeUnit.NANOSECONDS.toMillis(last - System.nanoTime());
                wire.setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, left)));
            }
            since = System.nanoTime();
            waiting = true;
            share.waits();
            int n = -1;
            try {
                n = in.read(b, off, len);
                good = true;
            } finally {
                share.works();
                waited.addAndGet(System.nanoTime() - since);
                waiting = false;
                broken |= !good;
            }
            if (last != null && n > 0) {
                share.take(2L * n);
            }
            return n;
        }

        @Override
        public void close() {
            // HttpCore would read to the end of the body here; instead the rest is read elsewhere,
            // with a limit.
        }
    }
}
