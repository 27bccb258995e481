package dev.machine.swarm.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells the code that makes an answer that nobody waits for it any more. That code attaches actions
 * which end its work; an action that is attached after the cancellation runs at once. Actions must
 * not block.
 */
public final class Cancellation {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;

    /** Attaches an action; closing the handle detaches it. */
    public Attachment attach(Runnable action) {
        boolean late;
        synchronized (actions) {
            late = cancelled;
            if (!late) {
                actions.add(action);
            }
        }
        if (late) {
            action.run();
        }
        return () -> detach(action);
    }

    private void detach(Runnable action) {
        synchronized (actions) {
            actions.remove(action);
        }
    }

    /** Runs all attached actions, once. */
    public void cancel() {
        List<Runnable> now;
        synchronized (actions) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            now = List.copyOf(actions);
            actions.clear();
        }
        now.forEach(Runnable::run);
    }

    public boolean cancelled() {
        synchronized (actions) {
            return cancelled;
        }
    }

    /** A handle that detaches its action again. */
    @FunctionalInterface
    public interface Attachment extends AutoCloseable {
        @Override
        void close();
    }
}
