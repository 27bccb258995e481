package dev.machine.swarm.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs an action at a deadline unless it is called off before; usually it closes a socket. One
 * thread runs all actions, so they must not block. A read time-out is not enough: a peer that sends
 * single bytes slowly never reaches it.
 */
public final class Deadlines implements AutoCloseable {
    // Actions that come after close() are discarded: all sockets are closed by then.
    private final ScheduledThreadPoolExecutor alarms =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform().daemon().name("deadlines").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    public Deadlines() {
        alarms.setRemoveOnCancelPolicy(true);
        alarms.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the action after the time given, unless the alarm is closed before. */
    public Alarm after(Duration time, Runnable action) {
        return new Alarm(alarms.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        alarms.shutdownNow();
    }

    /** A pending action; closing it calls it off. */
    public static final class Alarm implements AutoCloseable {
        private final ScheduledFuture<?> pending;

        private Alarm(ScheduledFuture<?> pending) {
            this.pending = pending;
        }

        @Override
        public void close() {
            pending.cancel(false);
        }
    }
}
