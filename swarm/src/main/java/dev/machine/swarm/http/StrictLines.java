package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Checks the lines of a request's head. Folded lines (RFC 9112, section 5.2), stray carriage
 * returns and NULs are refused, because HttpCore would correct them silently and another server
 * might read them in another way. The head as a whole has a limit.
 */
final class StrictLines extends ForwardingBuffer {
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final String VERSION = " HTTP/1.";

    private long characters;
    private boolean begun;

    StrictLines(SessionInputBuffer buffer) {
        super(buffer);
    }

    @Override
    public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
        int start = line.length();
        int read = buffer.readLine(line, in);
        if (read < 0) {
            return read;
        }
        characters += line.length() - start;
        if (characters > MAX_HEAD_BYTES) {
            throw new MessageConstraintException(
                    "the request's head is larger than " + MAX_HEAD_BYTES + " bytes");
        }
        check(line, start);
        if (!begun && line.length() > start) {
            begun = true;
            checkVersion(line);
        }
        return read;
    }

    /** HttpCore would accept a version with a sign, or with more digits (RFC 9112, section 2.3). */
    private static void checkVersion(CharArrayBuffer line) throws BadRequestException {
        int at = line.length() - VERSION.length() - 1;
        if (at < 0
                || !line.substring(at, line.length() - 1).equals(VERSION)
                || line.charAt(line.length() - 1) < '0'
                || line.charAt(line.length() - 1) > '9') {
            throw new BadRequestException("the version of the request is not HTTP/1.1");
        }
    }

    static void check(CharArrayBuffer line, int start) throws BadRequestException {
        if (line.length() > start && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
            throw new BadRequestException("a header line begins with white space");
        }
        for (int i = start; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new BadRequestException("a header line has a control character");
            }
        }
    }
}
