package dev.machine.cli.output;

import dev.machine.common.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines that somebody else wrote, as a terminal may show them: control characters as escapes, one
 * line a line. What has no line feed yet is shown by {@link #close}, or when it is long.
 */
public final class PrintableLines extends OutputStream {
    private static final int LONGEST = 64 * 1024;

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * @param out where they go; stays open
     */
    public PrintableLines(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        if (b == '\n') {
            show();
            out.write('\n');
        } else {
            line.write(b);
            // Not within a character of several bytes.
            if (line.size() >= LONGEST && (b & 0x80) == 0) {
                show();
            }
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(bytes[i]);
        }
    }

    private void show() throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        out.write(Printable.line(text).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        show();
        out.flush();
    }
}
