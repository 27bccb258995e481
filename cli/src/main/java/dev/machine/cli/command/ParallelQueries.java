package dev.machine.cli.command;

import dev.machine.common.SocketThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** One question to many at once; who is late is answered for. */
public final class ParallelQueries {
    /** What asking may take beyond the deadline that the asked one was given itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private ParallelQueries() {}

    /**
     * Asks.
     *
     * @param question throws nothing but what is a defect
     * @param late the answer of one who did not give any in time
     * @return the answers in the order of the items
     */
    public static <T, R> List<R> ask(
            List<T> items, Duration deadline, Function<T, R> question, Function<T, R> late) {
        ExecutorService asking = SocketThreads.executor();
        try {
            List<Future<R>> answers = new ArrayList<>();
            items.forEach(item -> answers.add(asking.submit(() -> question.apply(item))));
            long end = System.nanoTime() + deadline.plus(GRACE).toNanos();
            List<R> all = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                T item = items.get(i);
                all.add(await(answers.get(i), end - System.nanoTime(), () -> late.apply(item)));
            }
            return all;
        } finally {
            // A question that outlives its deadline must not hold the answers of the others back.
            asking.shutdownNow();
        }
    }

    private static <R> R await(Future<R> answer, long nanos, Supplier<R> late) {
        try {
            return answer.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return late.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return late.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
