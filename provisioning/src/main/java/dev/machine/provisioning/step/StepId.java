package dev.machine.provisioning.step;

import java.util.Optional;

/**
 * Which step something is about. The words never change: people read them in progress lines, and
 * scripts find them in JSON, in a record's {@code failedStep} and in {@code MACHINE_TEST_STOP}.
 *
 * @param title two or three words in small letters
 */
public record StepId(String title) {
    /** Logging in to a node, before the first step. */
    public static final StepId CONNECT = new StepId("connect");

    /** The same as one word: {@code run-engine}. */
    public String word() {
        return title.replace(' ', '-');
    }

    /** Whether a record names this step as the one that failed or began last. */
    public boolean isIn(Optional<String> failedStep) {
        return failedStep.filter(title::equals).isPresent();
    }
}
