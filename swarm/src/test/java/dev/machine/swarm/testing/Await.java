package dev.machine.swarm.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens on other threads, with a deadline. */
public final class Await {
    private static final Duration MOST = Duration.ofSeconds(15);

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) {
        until(what, MOST, condition);
    }

    public static void until(String what, Duration most, Callable<Boolean> condition) {
        long end = System.nanoTime() + most.toNanos();
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

    /** Waits until a number has not changed for half a second. */
    public static void still(String what, Callable<Integer> number) {
        int[] last = {-1};
        long[] since = {System.nanoTime()};
        until(
                what,
                () -> {
                    int now = number.call();
                    if (now != last[0]) {
                        last[0] = now;
                        since[0] = System.nanoTime();
                    }
                    return System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(500);
                });
    }

    /** Lets time pass where time itself is what a test is about. */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until("time passes", () -> System.nanoTime() > end);
    }
}
