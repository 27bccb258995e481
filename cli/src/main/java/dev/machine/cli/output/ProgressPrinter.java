package dev.machine.cli.output;

import dev.machine.provisioning.step.NodeProgress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of work on nodes. Thread-safe, because nodes run side by side. Close it before
 * anything else is printed.
 */
public interface ProgressPrinter extends NodeProgress, AutoCloseable {
    /** More live lines would not fit on a terminal. */
    int MOST_LIVE_LINES = 20;

    /** Prints a line about a node that belongs to no step. */
    void say(String node, String message);

    /** Reports that the work on a node succeeded. */
    void finished(String node, String message);

    /**
     * Reports that the work on one of several nodes failed.
     *
     * @param text whole lines, ready to print
     */
    void failed(String node, String text);

    /** Asks the user something while nothing else is drawn. */
    default char @Nullable [] standingStill(Supplier<char @Nullable []> question) {
        return question.get();
    }

    @Override
    void close();

    /** The printer for the terminal or file that standard error is. */
    static ProgressPrinter choose(Console console, boolean quiet, int nodes) {
        return console.live() && !quiet && nodes <= MOST_LIVE_LINES
                ? LiveProgress.start(console)
                : new PlainProgress(console, quiet);
    }
}
