package dev.machine.provisioning.lifecycle;

import dev.machine.common.MachineException;
import dev.machine.provisioning.step.StepId;
import java.io.IOException;
import java.util.Optional;

/**
 * Stops this process at one point of provisioning, so that a test can kill it there, cut its
 * connection or continue it: {@code MACHINE_TEST_STOP=STEP:EVENT}, the step's title with dashes,
 * the event {@code planned} or {@code applied}. Without the variable nothing happens.
 */
public final class TestStop {
    private final Optional<String> point;

    public TestStop(Optional<String> point) {
        this.point = point;
    }

    void at(StepId step, String event) {
        if (point.isPresent() && point.get().equals(step.word() + ":" + event)) {
            freeze();
        }
    }

    private static void freeze() {
        try {
            // A stopped process needs no channel to the test, which sees state T and sends CONT or
            // KILL.
            new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new MachineException("cannot stop for a test: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
