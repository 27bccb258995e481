package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.step.NodeProgress.Applied;
import dev.machine.provisioning.step.NodeProgress.Applying;
import dev.machine.provisioning.step.NodeProgress.Failed;
import dev.machine.provisioning.step.NodeProgress.Note;
import dev.machine.provisioning.step.NodeProgress.Planned;
import dev.machine.provisioning.step.StepId;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsWholeLinesWhereThereIsNoTerminal() {
        try (ProgressPrinter progress = ProgressPrinter.choose(console(false), false, 1)) {
            run(progress);
        }
        assertThat(told())
                .isEqualTo(
                        """
                        n1 | install engine: docker.io
                        n1 | install engine: waiting for dpkg
                        n1 | install engine: done
                        n1 | READY
                        """);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void printsNothingWhenQuiet() {
        try (ProgressPrinter progress = ProgressPrinter.choose(console(true), true, 1)) {
            run(progress);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void leavesOneLastLineANodeOnATerminal() {
        try (ProgressPrinter progress = ProgressPrinter.choose(console(true), false, 2)) {
            run(progress);
            progress.event(new Failed("n2", new StepId("verify"), "no"));
            progress.close();
        }
        assertThat(told()).contains("n1 | install engine: waiting for dpkg\n");
        assertThat(told().lines().toList().getLast()).contains("n2  verify: failed");
        // Closing twice draws once: what was printed in between must stay.
        assertThat(told().split("n2  verify: failed", -1)).hasSize(2);
    }

    @Test
    void usesNoColourWhenAskedNotTo() {
        try (ProgressPrinter progress = ProgressPrinter.choose(console(true), false, 1)) {
            progress.finished("n1", "READY");
        }
        assertThat(told()).doesNotContain("\u001b[32m");
    }

    @Test
    void printsPlainLinesForMoreNodesThanATerminalHasLines() {
        try (ProgressPrinter progress = ProgressPrinter.choose(console(true), false, 21)) {
            progress.finished("n1", "READY");
        }
        assertThat(told()).isEqualTo("n1 | READY\n");
    }

    private static void run(ProgressPrinter progress) {
        progress.event(new Planned("n1", new StepId("install engine"), List.of("docker.io")));
        progress.event(new Applying("n1", new StepId("install engine")));
        progress.event(new Note("n1", new StepId("install engine"), "waiting for dpkg"));
        progress.event(new Applied("n1", new StepId("install engine")));
        progress.event(new Planned("n1", new StepId("verify"), List.of()));
        progress.finished("n1", "READY");
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Console console(boolean live) {
        return new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("NO_COLOR", "1"),
                "machine",
                live);
    }
}
