package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aLineWithoutEndIsCut() throws Exception {
        LineReader reader = read("x".repeat(300_000) + "\nnext\n");

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).hasSize(64 << 10);
        assertThat(lines.getLast()).isEqualTo("next");
        assertThat(reader.text()).hasSize(300_006);
    }

    @Test
    void neverHoldsMoreThanTheLimitHoweverMuchComes() throws Exception {
        InputStream endless =
                new InputStream() {
                    private long left = 64L << 20;

                    @Override
                    public int read() {
                        return left-- > 0 ? 'x' : -1;
                    }

                    @Override
                    public int read(byte[] into, int from, int length) {
                        int count = (int) Math.min(length, left);
                        left -= count;
                        java.util.Arrays.fill(into, from, from + Math.max(0, count), (byte) 'x');
                        return count > 0 ? count : -1;
                    }
                };
        LineReader reader = LineReader.start(endless, lines::add);

        assertThat(reader.awaitEnd(Deadline.in(SOON))).isTrue();
        assertThat(reader.text().length()).isLessThan(5 << 20);
        assertThat(lines).isEmpty();
    }

    @Test
    void tellsNoMoreLinesThanATerminalCanShow() throws Exception {
        LineReader reader = read("y\n".repeat(100_000));

        assertThat(lines).hasSize(20_000);
        assertThat(reader.text()).hasSize(200_000);
    }

    private LineReader read(String text) throws InterruptedException {
        LineReader reader =
                LineReader.start(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        lines::add);
        assertThat(reader.awaitEnd(Deadline.in(SOON))).isTrue();
        return reader;
    }
}
