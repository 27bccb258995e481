package dev.machine.swarm.engine;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes a JSON list, or a stream of JSON values one after the other, apart into its values without
 * reading what is in them: however long it is, no more than one value is held. A value is there as
 * soon as its last byte is.
 */
public final class JsonEntries {
    private final InputStream in;
    private final boolean list;
    private final long most;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;
    private long taken;
    private boolean begun;
    private boolean over;

    private JsonEntries(InputStream in, boolean list, long most) {
        this.in = in;
        this.list = list;
        this.most = most;
    }

    /**
     * The entries of a list.
     *
     * @param most bytes of all of it
     */
    public static JsonEntries list(InputStream in, long most) {
        return new JsonEntries(in, true, most);
    }

    /** The values of a stream that may have no end. */
    public static JsonEntries stream(InputStream in) {
        return new JsonEntries(in, false, Long.MAX_VALUE);
    }

    /**
     * The next value, or null if there is none.
     *
     * @throws TooLongException if it is longer than {@link LimitedJson#MAX_ENTRY}, or all of the
     *     list than it may be
     * @throws IOException if it breaks off or is no list
     */
    public byte @Nullable [] next() throws IOException {
        if (over) {
            return null;
        }
        int first = first();
        if (list && !begun) {
            begun = true;
            if (first != '[') {
                return none(first);
            }
            first = first();
        }
        if (first < 0 && list) {
            throw new EOFException("the engine's list broke off");
        }
        if (first < 0 || (list && first == ']')) {
            over = true;
            return null;
        }
        return value(first);
    }

    /** Some engines say {@code null} for an empty list. */
    private byte @Nullable [] none(int first) throws IOException {
        byte[] value = first < 0 ? new byte[0] : value(first);
        over = true;
        if (new String(value, StandardCharsets.UTF_8).equals("null")) {
            return null;
        }
        throw new IOException("the engine's answer is not a list");
    }

    /** The first byte of a value, or of what ends the list. */
    private int first() throws IOException {
        int c = read();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || (list && c == ',')) {
            c = read();
        }
        return c;
    }

    private byte[] value(int first) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        int depth = 0;
        boolean text = false;
        boolean scalar = first != '{' && first != '[' && first != '"';
        for (int c = first; ; c = read()) {
            if (scalar && value.size() == 0 && (c <= ' ' || c == ',' || c == ']')) {
                throw new IOException("what the engine answers is not JSON");
            }
            if (scalar && (c < 0 || c <= ' ' || c == ',' || c == ']')) {
                at -= c >= 0 ? 1 : 0;
                return value.toByteArray();
            }
            if (c < 0) {
                throw new EOFException("the engine's answer broke off");
            }
            if (value.size() == LimitedJson.MAX_ENTRY) {
                throw new TooLongException("an entry of the engine's list is longer than 1 MiB");
            }
            value.write(c);
            if (text) {
                if (c == '\\') {
                    value.write(Math.max(0, read()));
                }
                text = c != '"';
            } else {
                text = c == '"';
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            }
            if (!scalar && !text && depth <= 0) {
                return value.toByteArray();
            }
        }
    }

    private int read() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
            taken += end;
            if (taken > most) {
                throw new TooLongException(
                        "the engine's list is longer than " + (most >> 20) + " MiB");
            }
            if (end == 0) {
                return -1;
            }
        }
        return buffer[at++] & 0xff;
    }
}
