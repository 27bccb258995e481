package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An answer that is lost is an error; a reader who has enough is none. */
class DeliveryTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aFullDiskIsAnError() throws IOException {
        try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
            assertThat(deliver(full, 0)).isEqualTo(1);
        }
        assertThat(told()).isEqualTo("cannot write to standard output: No space left on device\n");
    }

    @Test
    void nobodyReadingIsSilent() {
        assertThat(deliver(failing("Broken pipe"), 0)).isEqualTo(141);
        assertThat(told()).isEmpty();
    }

    @Test
    void theCodeOfTheCommandItselfGoesFirst() {
        assertThat(deliver(failing("Broken pipe"), 6)).isEqualTo(6);
        assertThat(deliver(failing("Bad file descriptor"), 4)).isEqualTo(4);
        assertThat(told()).contains("Bad file descriptor");
    }

    @Test
    void whatArrivesIsNoError() {
        ByteArrayOutputStream good = new ByteArrayOutputStream();

        assertThat(deliver(good, 0)).isZero();
        assertThat(good.toString(StandardCharsets.UTF_8)).isEqualTo("the answer\n");
    }

    private int deliver(OutputStream to, int code) {
        Console console =
                new Console(
                        InputStream.nullInputStream(),
                        WatchedStream.to(to),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        "machine",
                        false);
        console.out().print("the answer\n");
        return console.delivered(code);
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
