package dev.machine.swarm.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens on other threads, with a deadline. */
public final class Await {
    private static final long MOST = TimeUnit.SECONDS.toNanos(15);

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + MOST;
        try {
            while (!condition.call()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("did not happen: " + what);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (Exception e) {
            throw new AssertionError("failed while waiting for: " + what, e);
        }
    }
}
