package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Checks the lines between the chunks of an upload: a size is one to fifteen hex digits, with
 * nothing else before its extension (RFC 9112, section 7.1). HttpCore's parser would accept signs
 * and blanks too.
 */
final class StrictChunks extends ForwardingBuffer {
    private static final int MAX_DIGITS = 15;

    private boolean trailers;

    StrictChunks(SessionInputBuffer buffer) {
        super(buffer);
    }

    @Override
    public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
        int start = line.length();
        int read = buffer.readLine(line, in);
        if (read < 0) {
            return read;
        }
        if (trailers) {
            StrictLines.check(line, start);
        } else if (line.length() > start) {
            trailers = size(line, start) == 0;
        }
        return read;
    }

    private static long size(CharArrayBuffer line, int start) throws IOException {
        int end = start;
        long size = 0;
        while (end < line.length()
                && Character.digit(line.charAt(end), 16) >= 0
                && line.charAt(end) < 0x80) {
            size = size * 16 + Character.digit(line.charAt(end), 16);
            end++;
        }
        int digits = end - start;
        while (end < line.length() && (line.charAt(end) == ' ' || line.charAt(end) == '\t')) {
            end++;
        }
        boolean ended = end == line.length() || line.charAt(end) == ';';
        if (digits == 0 || digits > MAX_DIGITS || !ended) {
            throw new BadRequestException("a chunk of the body has a bad size");
        }
        return size;
    }
}
