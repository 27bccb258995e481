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

/**
 * Asks several machines one question at the same time, with one deadline for all answers. See
 * {@link ParallelActions} for actions without a common deadline.
 */
public final class ParallelQueries {
    /** Added to the deadline, which the question itself also has. */
    private static final Duration DEADLINE_MARGIN = Duration.ofSeconds(1);

    private ParallelQueries() {}

    /**
     * Asks the question about all items.
     *
     * @param question must not throw, except for a bug
     * @param late the answer for an item without an answer in time
     * @return the answers in the order of the items
     */
    public static <T, R> List<R> ask(
            List<T> items, Duration deadline, Function<T, R> question, Function<T, R> late) {
        ExecutorService asking = SocketThreads.executor();
        try {
            List<Future<R>> answers = new ArrayList<>();
            items.forEach(item -> answers.add(asking.submit(() -> question.apply(item))));
            long end = System.nanoTime() + deadline.plus(DEADLINE_MARGIN).toNanos();
            List<R> all = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                T item = items.get(i);
                all.add(await(answers.get(i), end - System.nanoTime(), () -> late.apply(item)));
            }
            return all;
        } finally {
            // A question that is late must not delay the answers of the others.
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
