package dev.machine.swarm.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the cached lists of all engines may take together (what clients' requests take is
 * {@link dev.machine.swarm.http.RequestMemory}). What a well-behaved node needs is free; only
 * beyond that do nodes share a limit, so no node can take from others what they need.
 */
public final class ListMemory {
    /** Bytes of one list of one node. */
    static final long MAX_LIST = 64L << 20;

    /** Bytes of the lists of all nodes. */
    static final long MAX_LISTS = 96L << 20;

    /** Bytes of each list that do not count: those of some hundred containers. */
    private static final long FREE_LIST = 256 << 10;

    /** Bytes that an entry counts at least: objects have a cost of their own. */
    private static final long MIN_ENTRY = 1024;

    private final AtomicLong used = new AtomicLong();

    /**
     * The memory that the list of one kind of one node takes.
     *
     * @param weight bytes in memory for each byte of the list
     */
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
            return Math.max(FREE_LIST, held);
        }

        private synchronized void keep(long bytes, long charged) {
            used.addAndGet(
                    Math.max(0, bytes - FREE_LIST) - Math.max(0, held - FREE_LIST) - charged);
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
            add((long) entry.length * share.weight);
        }

        /**
         * The same for an entry that takes so many bytes in memory.
         *
         * @throws TooLongException if there is no room for it
         */
        void add(long size) throws TooLongException {
            bytes += Math.max(MIN_ENTRY, size);
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
