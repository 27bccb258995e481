package dev.machine.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Waits for a machine that MACHINE_TEST_STOP freezes. */
final class Stops {
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private Stops() {}

    /**
     * Returns when the process is stopped (state T of proc_pid_stat(5)); fails if it ends before.
     */
    static void awaitStop(Running running) {
        Lab.until(
                "the process stops: " + running.errSoFar(),
                DEADLINE,
                () -> {
                    if (!running.alive()) {
                        throw new AssertionError(
                                "ended before it was stopped: "
                                        + running.await(Duration.ofSeconds(1)));
                    }
                    return state(running.pid()) == 'T';
                });
    }

    /** What MACHINE_TEST_STOP names: {@code configure-engine:planned}. */
    static String point(String step, String event) {
        return step.replace(' ', '-') + ":" + event;
    }

    private static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return '-';
        }
    }
}
