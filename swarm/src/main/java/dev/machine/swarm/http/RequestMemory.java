package dev.machine.swarm.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much memory all requests together may take for what they hold: bodies of clients, answers of
 * engines, and the trees that are made of both. What an ordinary request needs is free. Whoever
 * needs more waits a moment for it; meanwhile requests whose clients have not moved for a while, in
 * sending or in reading, lose their connection, those that hold most first.
 */
public final class RequestMemory {
    /** Bytes of one request that do not count. */
    static final long FREE = 64 << 10;

    /** The part of the heap that all may have together. */
    private static final int PART = 4;

    /** Bytes of a tree for each byte of its text, at worst. */
    private static final int TREE = 16;

    /** Bytes of the most values that a text may have. */
    private static final long MOST_VALUES = 32L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** In which a client must have moved. */
    private static final Duration STILL = Duration.ofSeconds(2);

    private final long most;
    private final long patience;
    private final long stillNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Set<Share> waitingForClients = new HashSet<>();
    private long used;

    /**
     * @param most bytes
     * @param patience of whoever needs more than there is
     * @param still in which a client must have moved
     */
    RequestMemory(long most, Duration patience, Duration still) {
        this.most = most;
        this.patience = patience.toNanos();
        this.stillNanos = still.toNanos();
    }

    /** What the heap of this process has room for. */
    public static RequestMemory ofThisProcess() {
        return new RequestMemory(Runtime.getRuntime().maxMemory() / PART, PATIENCE, STILL);
    }

    /**
     * The share of one request.
     *
     * @param abort ends its connection; must not block
     */
    Share share(Runnable abort) {
        return new Share(this, abort);
    }

    /** Bytes that are taken beyond what is free. */
    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** What one request holds. */
    public static final class Share implements AutoCloseable {
        private final RequestMemory room;
        private final Runnable abort;
        private long held;
        private long charged;
        private volatile long movedAt;
        private boolean closed;

        private Share(RequestMemory room, Runnable abort) {
            this.room = room;
            this.abort = abort;
        }

        /**
         * Takes room for so many bytes more.
         *
         * @throws HttpProblem 503 if there is none within a few seconds
         */
        public void take(long bytes) {
            room.take(this, bytes);
        }

        /**
         * Takes room for a tree of JSON, which is a multiple of its text, and no more than what its
         * values take, whose number is limited.
         *
         * @param length of the text
         */
        public void takeTree(long length) {
            take(Math.min(length * TREE, length * 2 + MOST_VALUES));
        }

        /** Gives back what was taken. */
        public void give(long bytes) {
            room.give(this, bytes);
        }

        /** The same for {@link #takeTree}. */
        public void giveTree(long length) {
            give(Math.min(length * TREE, length * 2 + MOST_VALUES));
        }

        /** From now on it is the client that is waited for, until it has moved. */
        void waits() {
            room.waits(this);
        }

        /** The client has sent or taken something. */
        void moved() {
            movedAt = System.nanoTime();
        }

        /** The client is not waited for any more. */
        void works() {
            room.works(this);
        }

        /** All that is held from now on is an answer of so many bytes. */
        void onlyHolds(long bytes) {
            room.give(this, Math.max(0, held - bytes));
        }

        /** Ends the request: its client loses its connection. */
        public void abort() {
            abort.run();
        }

        @Override
        public void close() {
            room.close(this);
        }
    }

    private void take(Share share, long bytes) {
        long deadline = System.nanoTime() + patience;
        lock.lock();
        try {
            long wanted = Math.min(most, Math.max(0, share.held + bytes - FREE));
            while (!share.closed
                    && used - share.charged + wanted > most
                    && wanted > share.charged) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw none();
                }
                Share still = still();
                if (still != null) {
                    waitingForClients.remove(still);
                    still.abort();
                }
                freed.awaitNanos(Math.min(left, MOMENT_NANOS));
            }
            share.held += bytes;
            charge(share);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw none();
        } finally {
            lock.unlock();
        }
    }

    private void charge(Share share) {
        long charged = share.closed ? 0 : Math.min(most, Math.max(0, share.held - FREE));
        used += charged - share.charged;
        if (charged < share.charged) {
            freed.signalAll();
        }
        share.charged = charged;
    }

    private static HttpProblem none() {
        return new HttpProblem(
                503,
                "the endpoint has no memory left beside what others ask of it; try again in a"
                        + " moment");
    }

    private @Nullable Share still() {
        long now = System.nanoTime();
        Share found = null;
        for (Share share : waitingForClients) {
            if (share.charged > 0
                    && now - share.movedAt > stillNanos
                    && (found == null || share.charged > found.charged)) {
                found = share;
            }
        }
        return found;
    }

    private void give(Share share, long bytes) {
        lock.lock();
        try {
            share.held -= Math.min(share.held, bytes);
            charge(share);
        } finally {
            lock.unlock();
        }
    }

    private void waits(Share share) {
        share.moved();
        lock.lock();
        try {
            if (!share.closed) {
                waitingForClients.add(share);
            }
        } finally {
            lock.unlock();
        }
    }

    private void works(Share share) {
        lock.lock();
        try {
            waitingForClients.remove(share);
        } finally {
            lock.unlock();
        }
    }

    private void close(Share share) {
        lock.lock();
        try {
            share.closed = true;
            waitingForClients.remove(share);
            charge(share);
        } finally {
            lock.unlock();
        }
    }
}
