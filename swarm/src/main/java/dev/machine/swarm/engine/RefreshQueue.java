package dev.machine.swarm.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What has changed on one engine and must be fetched again. All that is marked within a moment, or
 * while the reflector is busy, becomes one piece of work. Readers that must see a change they know
 * of wait here until it has been fetched.
 */
final class RefreshQueue {
    /** A create and the start that follows it are one change. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Containers in one piece of work; when more have changed, all are listed. */
    static final int MAX_CONTAINERS = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Map<String, ContainerChange> containers = new HashMap<>();
    private boolean images;
    private boolean networks;
    private boolean volumes;
    private boolean everything;
    private boolean closed;
    private boolean urgent;
    private long markedAt;

    /** Marks are counted: this many were made, and the work for this many is done. */
    private long marked;

    private long done;

    /** The mark that must be done before the list of images is as new as what is known of it. */
    private long imagesMark;

    /**
     * What is to be fetched.
     *
     * @param mark the last mark that it covers
     */
    record Work(
            Map<String, ContainerChange> containers,
            boolean images,
            boolean networks,
            boolean volumes,
            boolean everything,
            long mark) {}

    void container(String id, ContainerChange change) {
        mark(
                () -> {
                    if (containers.size() < MAX_CONTAINERS || containers.containsKey(id)) {
                        containers.merge(id, change, ContainerChange::and);
                    } else {
                        everything = true;
                    }
                });
    }

    void images() {
        mark(this::markImages);
    }

    void networks() {
        mark(() -> networks = true);
    }

    void volumes() {
        mark(() -> volumes = true);
    }

    void everything() {
        mark(
                () -> {
                    markImages();
                    everything = true;
                });
    }

    private void markImages() {
        images = true;
        imagesMark = marked + 1;
    }

    private void mark(Runnable change) {
        lock.lock();
        try {
            change.run();
            if (done == marked) {
                markedAt = System.nanoTime();
            }
            marked++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is marked and nothing is being fetched. */
    boolean idle() {
        lock.lock();
        try {
            return done == marked;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waits, or is about to: what is marked is fetched without further delay. */
    void refreshNow() {
        lock.lock();
        try {
            urgent = done < marked;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that is marked now has been fetched, at most the time given. */
    void awaitFresh(Duration most) throws InterruptedException {
        awaitFresh(most, false);
    }

    /** The same for what has changed the images; other changes are not waited for. */
    void awaitFreshImages(Duration most) throws InterruptedException {
        awaitFresh(most, true);
    }

    private void awaitFresh(Duration most, boolean imagesOnly) throws InterruptedException {
        lock.lock();
        try {
            long target = imagesOnly ? imagesMark : marked;
            if (done < target) {
                refreshNow();
            }
            long nanos = most.toNanos();
            while (done < target && nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waiting of all. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work; null when closed or interrupted. */
    @Nullable Work next() {
        lock.lock();
        try {
            while (!closed && (done == marked || (!urgent && gatheringNanos() > 0))) {
                changed.awaitNanos(done == marked ? TimeUnit.MINUTES.toNanos(1) : gatheringNanos());
            }
            if (closed) {
                return null;
            }
            Work work = new Work(containers, images, networks, volumes, everything, marked);
            containers = new HashMap<>();
            images = false;
            networks = false;
            volumes = false;
            everything = false;
            urgent = false;
            return work;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** How long it is still worth waiting for more. */
    private long gatheringNanos() {
        return markedAt + GATHER_NANOS - System.nanoTime();
    }

    /** The work is done, well or not: its readers go on. */
    void done(Work work) {
        lock.lock();
        try {
            done = work.mark;
            markedAt = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
