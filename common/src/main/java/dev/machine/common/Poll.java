package dev.machine.common;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for what others do by asking again and again. Clock and pause are injected, so that a test
 * need not wait.
 *
 * @param clock must not jump, see {@link SteadyClock}
 */
public record Poll(InstantSource clock, Pause pause) {
    /** With the time that has passed since the start of the process. */
    public static Poll steady(Pause pause) {
        return new Poll(new SteadyClock(), pause);
    }

    /**
     * Waits until a condition holds, or gives up at the deadline. It is asked at least once.
     *
     * @param deadline from now
     * @param interval between an answer and the next question
     * @return whether the condition holds
     */
    public boolean until(Duration deadline, Duration interval, BooleanSupplier condition) {
        return until(deadline, interval, condition::getAsBoolean, holds -> holds);
    }

    /**
     * The same for a question with more answers than yes and no.
     *
     * @return the last answer, which is not a wanted one if the deadline has passed
     */
    public <T> T until(
            Duration deadline, Duration interval, Supplier<T> question, Predicate<T> wanted) {
        Instant end = clock.instant().plus(deadline);
        T answer = question.get();
        while (!wanted.test(answer) && clock.instant().isBefore(end)) {
            pause.pause(interval);
            answer = question.get();
        }
        return answer;
    }
}
