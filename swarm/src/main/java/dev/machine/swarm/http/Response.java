package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer: its status, its own header fields (not those of framing) and where its body comes
 * from.
 */
public record Response(int status, Headers headers, Body body) {

    /** Where a body comes from. */
    public sealed interface Body permits Empty, Bytes, Relay, Live, Raw {}

    /** No body. */
    public record Empty() implements Body {}

    /** A body that is there. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(byte[] content) implements Body {}

    /**
     * A body that is passed on as it comes; if it breaks, so does the answer, visibly.
     *
     * @param length bytes, or -1 if unknown
     * @param owner closed when the answer has ended, in whatever way
     */
    public record Relay(InputStream source, long length, Closeable owner) implements Body {}

    /**
     * A body of unknown length that is written by code of ours; it flushes where a client should
     * see what is there.
     */
    public record Live(Writer writer) implements Body {}

    /**
     * The connection itself: what follows the head is raw bytes both ways until either side is done
     * (101, or Docker's older form with 200). If the stream breaks, so does the connection.
     *
     * @param stream closed when the connection has ended, in whatever way
     */
    public record Raw(RawStream stream) implements Body {}

    /** Writes a body. An exception makes the answer visibly incomplete. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    public static Response empty(int status) {
        return new Response(status, Headers.NONE, new Empty());
    }

    public static Response text(int status, String text) {
        return new Response(
                status,
                Headers.of("Content-Type", "text/plain; charset=utf-8"),
                new Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static Response json(int status, byte[] json) {
        return new Response(
                status, Headers.of("Content-Type", "application/json"), new Bytes(json));
    }

    /** Docker's form of an error. */
    public static Response problem(int status, String message) {
        return json(status, Json.message(message));
    }
}
