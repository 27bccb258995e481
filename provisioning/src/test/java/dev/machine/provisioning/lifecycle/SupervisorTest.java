package dev.machine.provisioning.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an endpoint is started again, over real processes. */
@Timeout(60)
class SupervisorTest {
    @TempDir Path folder;

    private Process run(Duration good, String shell) throws IOException {
        List<String> command =
                new Supervisor(folder, good).over(List.of("sh", "-c", "echo run >>runs; " + shell));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private int runs() throws IOException {
        Path runs = folder.resolve("runs");
        return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
    }

    private void awaitRuns(int count) throws Exception {
        while (runs() < count) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** A JVM with ExitOnOutOfMemoryError ends with 3, one that crashes with SIGABRT. */
    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "kill -ABRT $$"})
    void startsAgainWhatRanOutOfMemoryOrCrashed(String end) throws Exception {
        Process process = run(Duration.ZERO, "[ $(wc -l <runs) -ge 2 ] && exec sleep 50; " + end);
        awaitRuns(2);
        assertThat(Files.readString(folder.resolve("log")))
                .containsPattern("WARN supervise - the endpoint (ran out of memory|crashed)")
                .contains("it is started again in 1 s");
        process.destroy();
        assertThat(end(process)).isEqualTo(143);
        assertThat(runs()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 1", "exit 2", "kill -TERM $$", "kill -KILL $$"})
    void leavesAloneWhatWasStoppedOrKilledOrRefused(String end) throws Exception {
        assertThat(end(run(Duration.ZERO, end))).isNotEqualTo(3);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void aStartThatFailsIsNotTriedAgain() throws Exception {
        assertThat(end(run(Duration.ofSeconds(10), "exit 3"))).isEqualTo(3);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void stoppingInAPauseEndsIt() throws Exception {
        Process process = run(Duration.ZERO, "exit 3");
        awaitRuns(1);
        new Supervisor(folder).end();
        assertThat(end(process)).isEqualTo(3);
        assertThat(runs()).isLessThanOrEqualTo(2);
    }

    @Test
    void anotherStartEndsTheOldOne() throws Exception {
        Process old = run(Duration.ZERO, "exit 3");
        awaitRuns(1);
        Process fresh = run(Duration.ZERO, "exec sleep 50");
        assertThat(end(old)).isEqualTo(3);
        assertThat(fresh.isAlive()).isTrue();
        fresh.destroy();
        assertThat(end(fresh)).isEqualTo(143);
    }

    @Test
    void aSignalToItReachesTheEndpointWhichDrains() throws Exception {
        Process process =
                run(
                        Duration.ZERO,
                        "trap 'echo drained >>drained; exit 143' TERM; while :; do sleep 0.1; done");
        awaitRuns(1);
        TimeUnit.MILLISECONDS.sleep(300);
        process.destroy();
        assertThat(end(process)).isEqualTo(143);
        assertThat(folder.resolve("drained")).exists();
    }
}
