package dev.machine.swarm.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the answers of all engines may take together. What a well-behaved node needs is
 * free; only beyond that nodes share what there is, so no node can take from others what they need.
 */
public final class AnswerMemory {
    /** Bytes of one list of one node. */
    static final long MAX_LIST = 64L << 20;

    /** Bytes of the lists of all nodes. */
    static final long MAX_LISTS = 96L << 20;

    /** Bytes of each list that do not count: some hundred containers. */
    private static final long FREE = 256 << 10;

    /** What an entry takes at least, however short it is. */
    private static final long LEAST_ENTRY = 1024;

    private static final int SMALL_ANSWER = 64 << 10;
    private static final int LARGE_AT_ONCE = 4;

    private final AtomicLong used = new AtomicLong();
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);

    /** Reads all of an answer. */
    byte[] whole(InputStream in, Duration patience) throws IOException {
        byte[] start = in.readNBytes(SMALL_ANSWER);
        if (start.length < SMALL_ANSWER) {
            return start;
        }
        try {
            if (!large.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("too many engines answer at length at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint stops", e);
        }
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream(2 * SMALL_ANSWER);
            all.write(start);
            all.write(in.readNBytes(LimitedJson.MAX_ANSWER - SMALL_ANSWER + 1));
            if (all.size() > LimitedJson.MAX_ANSWER) {
                throw new TooLongException("the engine's answer is longer than 4 MiB");
            }
            return all.toByteArray();
        } finally {
            large.release();
        }
    }

    /** The room that the list of one kind of one node takes. */
    Share share(int weight) {
        return new Share(weight);
    }

    /** What one list takes as long as it is kept. */
    final class Share {
        private final int weight;
        private long held;

        /**
         * @param weight bytes in memory for each byte of the list
         */
        private Share(int weight) {
            this.weight = weight;
        }

        Reading read() {
            return new Reading(this);
        }

        private synchronized long free() {
            return Math.max(FREE, held);
        }

        private synchronized void keep(long bytes, long charged) {
            used.addAndGet(Math.max(0, bytes - FREE) - Math.max(0, held - FREE) - charged);
            held = bytes;
        }

        /** The node has gone, and its list with it. */
        void drop() {
            keep(0, 0);
        }
    }

    /** A list that is being read; close it when it has taken the place of the last one. */
    final class Reading implements AutoCloseable {
        private final Share share;
        private final long free;
        private long bytes;
        private long charged;
        private boolean kept;

        private Reading(Share share) {
            this.share = share;
            this.free = share.free();
        }

        /**
         * @throws TooLongException if there is no room for another entry
         */
        void add(byte[] entry) throws TooLongException {
            bytes += Math.max(LEAST_ENTRY, (long) entry.length * share.weight);
            long more = Math.max(0, bytes - free) - charged;
            charged += more;
            if (used.addAndGet(more) > MAX_LISTS && more > 0) {
                throw new TooLongException(
                        "its list has no room beside those of the other nodes: all together are"
                                + " kept up to "
                                + (MAX_LISTS >> 20)
                                + " MiB");
            }
        }

        /** The list is complete and is kept. */
        void keep() {
            kept = true;
        }

        @Override
        public void close() {
            if (kept) {
                share.keep(bytes, charged);
            } else {
                used.addAndGet(-charged);
            }
        }
    }
}
