package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.SocketThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs one action on several machines at the same time. A failure on one machine does not stop the
 * others. There is no common deadline: every wait inside an action has its own. See {@link
 * ParallelQueries} for questions with one deadline.
 */
public final class ParallelActions {
    /**
     * How many actions run at once: more than the boards of a usual rack, so that boards which do
     * not answer do not delay the others; measured by {@code e2e/bench/rack}.
     */
    private static final int MAX_PARALLEL = 32;

    private ParallelActions() {}

    /**
     * Runs the action on all machines, as {@link #run(Invocation, ProgressPrinter, List, Function,
     * Consumer)}.
     */
    public static int run(
            Invocation call,
            ProgressPrinter progress,
            List<String> names,
            Consumer<String> action) {
        return run(call, progress, names, Function.identity(), action);
    }

    /**
     * Runs the action on all items.
     *
     * @return 0, or {@link ExitCode#SOME_FAILED}; the error of a single machine is thrown as it is
     */
    public static <T> int run(
            Invocation call,
            ProgressPrinter progress,
            List<T> items,
            Function<T, String> name,
            Consumer<T> action) {
        if (items.size() == 1) {
            action.accept(items.getFirst());
            return ExitCode.OK;
        }
        Semaphore slots = new Semaphore(MAX_PARALLEL);
        List<String> failed = new ArrayList<>();
        try (ExecutorService nodes = SocketThreads.executor()) {
            List<Future<?>> running = new ArrayList<>();
            for (T item : items) {
                running.add(
                        nodes.submit(
                                () ->
                                        guarded(
                                                call,
                                                progress,
                                                slots,
                                                name.apply(item),
                                                item,
                                                action)));
            }
            for (int i = 0; i < items.size(); i++) {
                if (!succeeded(running.get(i))) {
                    failed.add(name.apply(items.get(i)));
                }
            }
        }
        if (failed.isEmpty()) {
            return ExitCode.OK;
        }
        progress.close();
        call.tell(failed.size() + " of " + items.size() + " failed: " + String.join(", ", failed));
        return ExitCode.SOME_FAILED;
    }

    private static <T> boolean guarded(
            Invocation call,
            ProgressPrinter progress,
            Semaphore slots,
            String name,
            T item,
            Consumer<T> action)
            throws InterruptedException {
        slots.acquire();
        try {
            action.accept(item);
            return true;
        } catch (RuntimeException e) {
            progress.failed(name, Failures.text(name + " | ", call.globals().debug(), e));
            return false;
        } finally {
            slots.release();
        }
    }

    private static boolean succeeded(Future<?> outcome) {
        try {
            return Boolean.TRUE.equals(outcome.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
