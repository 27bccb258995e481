package dev.machine.provisioning.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Closes a connection that is not up in time. */
final class Alarm implements AutoCloseable {
    private final AtomicReference<Closeable> victim = new AtomicReference<>(() -> {});
    private final Thread thread;
    private volatile boolean rang;

    Alarm(Duration after) {
        thread = Thread.ofVirtual().start(() -> ring(after));
    }

    void closes(Closeable what) {
        victim.set(what);
    }

    boolean rang() {
        return rang;
    }

    private void ring(Duration after) {
        try {
            TimeUnit.NANOSECONDS.sleep(after.toNanos());
            rang = true;
            victim.get().close();
        } catch (InterruptedException | IOException e) {
            // Interrupted: the connection is up in time.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
