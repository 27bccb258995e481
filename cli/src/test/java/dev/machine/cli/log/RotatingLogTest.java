package dev.machine.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingLogTest {
    @TempDir Path folder;

    @Test
    void keepsTheLastLinesOfALogWithoutEnd() throws IOException {
        Path file = folder.resolve("endpoint.log");
        Files.writeString(file, "old line\n");
        try (OutputStream below = new FileOutputStream(file.toFile(), true);
                PrintStream log =
                        new PrintStream(
                                new RotatingLog(below, file, 1000),
                                false,
                                StandardCharsets.UTF_8)) {
            for (int i = 0; i < 1000; i++) {
                log.print("line " + i + "\n");
                log.flush();
                assertThat(Files.size(file)).isLessThanOrEqualTo(1000);
            }
        }
        List<String> kept = Files.readAllLines(folder.resolve("endpoint.log.1"));
        kept.addAll(Files.readAllLines(file));
        // One line after the other, none twice and none missing, to the last one.
        int first = Integer.parseInt(kept.getFirst().substring("line ".length()));
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i)).isEqualTo("line " + (first + i));
        }
        assertThat(kept.getLast()).isEqualTo("line 999");
        assertThat(kept.size()).isGreaterThan(100);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aFullDiskOnlyLosesOldLines() throws IOException {
        Path file = folder.resolve("endpoint.log");
        Files.writeString(file, "x".repeat(990));
        // As good as a disk without room: the copy cannot be made.
        Files.createDirectories(folder.resolve("endpoint.log.new").resolve("in the way"));
        try (OutputStream below = new FileOutputStream(file.toFile(), true);
                PrintStream log =
                        new PrintStream(
                                new RotatingLog(below, file, 1000),
                                false,
                                StandardCharsets.UTF_8)) {
            log.print("first after\n");
            log.print("second after\n");
        }
        assertThat(Files.readString(file)).isEqualTo("first after\nsecond after\n");
    }
}
