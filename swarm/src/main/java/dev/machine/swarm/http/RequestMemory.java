package dev.machine.swarm.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Limits the memory that all requests together take: bodies of clients, answers of engines, and the
 * trees that are parsed from both. What an ordinary request needs does not count. A request that
 * needs more than there is waits; meanwhile requests whose clients have neither sent nor read
 * anything for a while lose their connection, the largest first.
 */
public final class RequestMemory {
    /** Bytes that each request may take without being counted. */
    static final long FREE_BYTES = 64 << 10;

    /** All requests together may take the heap divided by this. */
    private static final int HEAP_DIVISOR = 4;

    /** How many bytes a tree takes for each byte of its text, at worst. */
    private static final int TREE_FACTOR = 16;

    /** Bytes of the largest tree: the number of values of a text is limited. */
    private static final long MAX_TREE_BYTES = 32L << 20;

    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final long CHECK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A client that has not moved for so long may lose its connection. */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(2);

    private final long most;
    private final long patience;
    private final long stillNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Set<Share> waitingForClients = new HashSet<>();
    private long used;

    /**
     * @param most bytes of all requests together
     * @param patience how long a request waits for memory
     * @param still how long a client may do nothing while others wait
     */
    RequestMemory(long most, Duration patience, Duration still) {
        this.most = most;
        this.patience = patience.toNanos();
        this.stillNanos = still.toNanos();
    }

    /** The limit for the heap of this process. */
    public static RequestMemory ofThisProcess() {
        return new RequestMemory(
                Runtime.getRuntime().maxMemory() / HEAP_DIVISOR, MAX_WAIT, IDLE_LIMIT);
    }

    /**
     * The share of one request.
     *
     * @param abort ends its connection; must not block
     */
    Share share(Runnable abort) {
        return new Share(this, abort);
    }

    /** Bytes that are taken, beyond those that do not count. */
    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** The memory of one request. */
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
         * Takes so many more bytes.
         *
         * @throws HttpProblem 503 if they are not free within a few seconds
         */
        public void take(long bytes) {
            room.take(this, bytes);
        }

        /**
         * Takes the memory of a JSON tree: a multiple of its text, up to the size of the largest
         * tree.
         *
         * @param length of the text
         */
        public void takeTree(long length) {
            take(Math.min(length * TREE_FACTOR, length * 2 + MAX_TREE_BYTES));
        }

        /** Gives back what was taken. */
        public void give(long bytes) {
            room.give(this, bytes);
        }

        /** The same for {@link #takeTree}. */
        public void giveTree(long length) {
            give(Math.min(length * TREE_FACTOR, length * 2 + MAX_TREE_BYTES));
        }

        /** From now on this request waits for its client. */
        void waits() {
            room.waits(this);
        }

        /** The client has sent or taken something. */
        void moved() {
            movedAt = System.nanoTime();
        }

        /** This request does not wait for its client any more. */
        void works() {
            room.works(this);
        }

        /** From now on the request holds only an answer of so many bytes. */
        void onlyHolds(long bytes) {
            room.give(this, Math.max(0, held - bytes));
        }

        /** Closes the client's connection. */
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
            long wanted = Math.min(most, Math.max(0, share.held + bytes - FREE_BYTES));
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
                freed.awaitNanos(Math.min(left, CHECK_INTERVAL_NANOS));
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
        long charged = share.closed ? 0 : Math.min(most, Math.max(0, share.held - FREE_BYTES));
        used += charged - share.charged;
        if (charged < share.charged) {
            freed.signalAll();
        }
        share.charged = charged;
    }

    private static HttpProblem none() {
        return new HttpProblem(
                503, "the endpoint has no memory left for this request; try again in a moment");
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
