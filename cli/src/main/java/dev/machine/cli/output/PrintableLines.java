package dev.machine.cli.output;

import dev.machine.common.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes lines from elsewhere safe for a terminal: control characters become escapes. Text without a
 * line feed is printed by {@link #close}, or when it is long.
 */
public final class PrintableLines extends OutputStream {
    private static final int MAX_LINE_BYTES = 64 * 1024;

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * @param out where the lines go; not closed
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
            // Do not split inside a character of several bytes.
            if (line.size() >= MAX_LINE_BYTES && (b & 0x80) == 0) {
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
