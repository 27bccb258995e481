package dev.machine.cli.output;

import dev.machine.provisioning.step.NodeProgress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the work on nodes to whoever waits. Thread-safe: nodes run side by side. Close it before
 * anything else is printed.
 */
public interface ProgressPrinter extends NodeProgress, AutoCloseable {
    /** More live lines than this would scroll out of a terminal. */
    int MOST_LIVE_LINES = 20;

    /** A line about a node that belongs to no step. */
    void say(String node, String message);

    /** The work on a node ended well. */
    void finished(String node, String message);

    /**
     * The work on a node ended badly, and there are other nodes.
     *
     * @param text whole lines, ready to be printed
     */
    void failed(String node, String text);

    /** Asks the person something while nothing else is drawn. */
    default char @Nullable [] standingStill(Supplier<char @Nullable []> question) {
        return question.get();
    }

    @Override
    void close();

    /** The one that fits where standard error goes. */
    static ProgressPrinter choose(Console console, boolean quiet, int nodes) {
        return console.live() && !quiet && nodes <= MOST_LIVE_LINES
                ? LiveProgress.start(console)
                : new PlainProgress(console, quiet);
    }
}
