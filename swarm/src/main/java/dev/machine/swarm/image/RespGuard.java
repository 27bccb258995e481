package dev.machine.swarm.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Checks what Redis answers before the library reads it. The library allocates any length that is
 * announced, and recurses for every list in a list, so announced lengths are limited here: 1 MiB
 * for a value, 300 000 values and 8 MiB in all, lists four levels deep, 4 kB for a line. Both must
 * agree on where a value ends, so lines and lengths that could be read in two ways are refused.
 * Source: Redis serialization protocol specification (RESP2 and RESP3).
 */
final class RespGuard extends FilterInputStream {
    private static final long MAX_BYTES = 8 << 20;
    private static final int MAX_VALUE_BYTES = 1 << 20;
    private static final int MAX_VALUES = 300_000;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_DIGITS = 10;

    /** First characters of a value that is the rest of its line. */
    private static final String LINES = "+-:_#,(";

    /** First characters of a value whose line announces its bytes. */
    private static final String TEXTS = "$=";

    /** First characters of a list, whose line announces the number of its values. */
    private static final String LISTS = "*~>";

    /** First character of a map, whose line announces the number of its pairs. */
    private static final char MAP = '%';

    /** How many values are missing in each list that has begun, the outermost first. */
    private final long[] open = new long[MAX_DEPTH];

    private final StringBuilder length = new StringBuilder();
    private int depth;

    /** Values so far; those of a list are counted when it is announced. */
    private long values;

    private long bytes;

    /** How many bytes of a text are missing, with the two at its end. */
    private long textBytes;

    /** The first character of the line that is being read; 0 between two values. */
    private char type;

    private int lineLength;
    private boolean returned;

    RespGuard(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * @throws IOException if the answer breaks a limit; the message completes "the table cannot be
     *     read:"
     */
    @Override
    public int read(byte[] buffer, int offset, int most) throws IOException {
        int n = super.read(buffer, offset, most);
        bytes += Math.max(0, n);
        if (bytes > MAX_BYTES) {
            throw new IOException("it answers more than " + MAX_BYTES + " bytes");
        }
        for (int i = 0; i < n; ) {
            if (textBytes > 0) {
                long skipped = Math.min(textBytes, n - i);
                i += (int) skipped;
                textBytes -= skipped;
                if (textBytes == 0) {
                    endOfValue();
                }
            } else {
                next((char) (buffer[offset + i++] & 0xff));
            }
        }
        return n;
    }

    private void next(char c) throws IOException {
        if (type == 0) {
            begin(c);
        } else if (returned) {
            if (c != '\n') {
                throw new IOException("it answers a line that does not end with CR and LF");
            }
            endOfLine();
        } else if (c == '\r') {
            returned = true;
        } else if (c == '\n') {
            throw new IOException("it answers a line that does not end with CR and LF");
        } else {
            if (++lineLength > MAX_LINE_BYTES) {
                throw new IOException(
                        "it answers a line of more than " + MAX_LINE_BYTES + " bytes");
            }
            if (!isLine()) {
                digit(c);
            }
        }
    }

    private void begin(char c) throws IOException {
        if (LINES.indexOf(c) < 0 && TEXTS.indexOf(c) < 0 && LISTS.indexOf(c) < 0 && c != MAP) {
            throw new IOException("its answer is not that of a Redis");
        }
        if (depth == 0) {
            count(1);
        }
        type = c;
        lineLength = 0;
        length.setLength(0);
    }

    private boolean isLine() {
        return LINES.indexOf(type) >= 0;
    }

    private void digit(char c) throws IOException {
        boolean good = (c >= '0' && c <= '9') || (c == '-' && length.isEmpty());
        if (!good || length.length() == MAX_DIGITS) {
            throw new IOException("it announces a value with an invalid length");
        }
        length.append(c);
    }

    private void count(long more) throws IOException {
        values += more;
        if (values > MAX_VALUES) {
            throw new IOException("it announces more than " + MAX_VALUES + " values");
        }
    }

    private void endOfLine() throws IOException {
        char ended = type;
        boolean line = isLine();
        type = 0;
        returned = false;
        if (line) {
            endOfValue();
            return;
        }
        long announced = announced();
        if (announced < 0) {
            endOfValue();
        } else if (TEXTS.indexOf(ended) >= 0) {
            if (announced > MAX_VALUE_BYTES) {
                throw new IOException(
                        "it announces a value of "
                                + announced
                                + " bytes, and "
                                + MAX_VALUE_BYTES
                                + " are the most");
            }
            textBytes = announced + 2;
        } else {
            enter(ended == MAP ? 2 * announced : announced);
        }
    }

    /** The announced length; -1 for an absent value. */
    private long announced() throws IOException {
        String text = length.toString();
        if (text.equals("-1")) {
            return -1;
        }
        if (text.isEmpty() || text.charAt(0) == '-') {
            throw new IOException("it announces a value with an invalid length");
        }
        return Long.parseLong(text);
    }

    private void enter(long elements) throws IOException {
        count(elements);
        if (elements == 0) {
            endOfValue();
            return;
        }
        if (depth == MAX_DEPTH) {
            throw new IOException(
                    "it answers lists that are nested more than " + MAX_DEPTH + " deep");
        }
        open[depth++] = elements;
    }

    private void endOfValue() {
        while (depth > 0 && --open[depth - 1] == 0) {
            depth--;
        }
    }
}
