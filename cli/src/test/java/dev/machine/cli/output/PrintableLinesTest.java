package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrintableLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void controlCharactersAreEscapesAndLinesStayLines() throws IOException {
        try (PrintableLines lines = new PrintableLines(out)) {
            lines.write(
                    "a\u001b]0;x\u0007\rb\n\u009b31m\u202eJörg\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(shown()).isEqualTo("a\\x1b]0;x\\x07\\rb\n\\x9b31m\\u202eJörg\n");
    }

    @Test
    void aLineMayComeInParts() throws IOException {
        byte[] text = "Jörg".getBytes(StandardCharsets.UTF_8);
        PrintableLines lines = new PrintableLines(out);
        for (byte b : text) {
            lines.write(new byte[] {b}, 0, 1);
        }
        assertThat(shown()).isEmpty();
        lines.close();
        assertThat(shown()).isEqualTo("Jörg");
    }

    @Test
    void aLineWithoutEndIsNotKept() throws IOException {
        PrintableLines lines = new PrintableLines(out);
        lines.write("x".repeat(200_000).getBytes(StandardCharsets.UTF_8));
        assertThat(out.size()).isGreaterThan(100_000);
    }
}
