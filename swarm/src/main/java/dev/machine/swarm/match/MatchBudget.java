package dev.machine.swarm.match;

import dev.machine.common.ExitCode;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the matching that one request may cause. A pattern takes time linear in a text, but a
 * swarm has many texts and a request many patterns. A long search also yields the CPU to other
 * threads now and then.
 */
public final class MatchBudget {
    /**
     * A step takes 2 to 45 ns (measured with re2j 1.8), so this is 4 s at worst. To search for a
     * name among 17 000 containers takes a quarter of it.
     */
    private static final long MAX_STEPS = 100_000_000;

    private static final long STEPS_BETWEEN_YIELDS = 500_000;

    private final AtomicLong left;

    /** A request has used up its budget. */
    public static final class SpentException extends MachineException {
        private static final long serialVersionUID = 1L;

        SpentException(String message) {
            super(message, null, ExitCode.ERROR);
        }
    }

    /** A budget for a list of a whole swarm. */
    public MatchBudget() {
        this(MAX_STEPS);
    }

    /** A budget of so many steps. */
    public MatchBudget(long steps) {
        left = new AtomicLong(steps);
    }

    /**
     * Whether a pattern is found in a text.
     *
     * @throws SpentException if the budget is used up
     */
    @SuppressWarnings(
            "ThreadPriorityCheck") // A virtual thread that computes gives way by this only.
    public boolean found(LinearPattern pattern, String text) {
        long cost = pattern.cost(text);
        long rest = left.addAndGet(-cost);
        if (rest < 0) {
            throw new SpentException("the patterns of this request are too expensive: " + pattern);
        }
        if (rest / STEPS_BETWEEN_YIELDS != (rest + cost) / STEPS_BETWEEN_YIELDS) {
            Thread.yield();
        }
        return pattern.found(text);
    }
}
