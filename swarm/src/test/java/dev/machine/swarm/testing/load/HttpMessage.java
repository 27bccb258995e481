package dev.machine.swarm.testing.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 message as fakes and load need it, and no more: they must cost little beside the
 * endpoint that is measured.
 *
 * @param start the request or status line
 */
@SuppressWarnings("ArrayRecordComponent")
public record HttpMessage(String start, byte[] body) {
    private static final byte[] NOTHING = new byte[0];

    /** The second word: a request's target, an answer's status. */
    public String second() {
        int from = start.indexOf(' ') + 1;
        int to = start.indexOf(' ', from);
        return start.substring(from, to < 0 ? start.length() : to);
    }

    /** The body. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Writes a start line, the header lines given (each with its CRLF) and a body, all at once. */
    public static void write(OutputStream out, String start, String headers, byte[] body)
            throws IOException {
        byte[] head =
                (start + "\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
        out.flush();
    }

    /** Reads messages from one connection. */
    public static final class Reader {
        private final InputStream in;
        private final byte[] buffer = new byte[8192];
        private int from;
        private int to;

        public Reader(InputStream in) {
            this.in = in;
        }

        /** Returns null at the end of the connection. */
        public @Nullable HttpMessage next() throws IOException {
            if (from == to && !fill()) {
                return null;
            }
            String start = line();
            int length = 0;
            boolean chunked = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                } else if (header.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                    chunked = true;
                }
            }
            // An answer without content says what it would have been.
            boolean bodiless = start.startsWith("HTTP/1.1 304");
            return new HttpMessage(start, bodiless ? NOTHING : chunked ? chunks() : bytes(length));
        }

        private boolean fill() throws IOException {
            from = 0;
            to = Math.max(0, in.read(buffer));
            return to > 0;
        }

        private String line() throws IOException {
            StringBuilder more = new StringBuilder();
            while (true) {
                for (int i = from; i < to; i++) {
                    if (buffer[i] == '\n') {
                        more.append(
                                new String(buffer, from, i - from, StandardCharsets.ISO_8859_1));
                        from = i + 1;
                        int end = more.length();
                        return more.substring(
                                0, end > 0 && more.charAt(end - 1) == '\r' ? end - 1 : end);
                    }
                }
                more.append(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1));
                if (!fill()) {
                    throw new EOFException("the connection ended within a head");
                }
            }
        }

        private byte[] bytes(int length) throws IOException {
            byte[] all = new byte[length];
            for (int at = 0; at < length; ) {
                if (from == to && !fill()) {
                    throw new EOFException("the connection ended within a body");
                }
                int n = Math.min(length - at, to - from);
                System.arraycopy(buffer, from, all, at, n);
                from += n;
                at += n;
            }
            return all;
        }

        private byte[] chunks() throws IOException {
            byte[] all = NOTHING;
            while (true) {
                int size = Integer.parseInt(line().strip(), 16);
                byte[] chunk = bytes(size);
                if (size == 0) {
                    while (!line().isEmpty()) {
                        // A trailer.
                    }
                    return all;
                }
                line();
                int at = all.length;
                all = Arrays.copyOf(all, at + size);
                System.arraycopy(chunk, 0, all, at, size);
            }
        }
    }
}
