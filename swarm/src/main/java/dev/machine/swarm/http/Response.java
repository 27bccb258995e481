package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer: its status, its header fields (without those of framing) and the source of its body.
 */
public record Response(int status, Headers headers, Body body) {

    /** The source of a body. */
    public sealed interface Body permits Empty, Bytes, Relay, Live, Raw {}

    /** No body. */
    public record Empty() implements Body {}

    /** A body in memory. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(byte[] content) implements Body {}

    /**
     * A body that is passed on as it comes; if the source fails, the connection is broken off, so
     * that the client notices.
     *
     * @param length bytes, or -1 if unknown
     * @param owner closed when the answer has ended, in any way
     */
    public record Relay(InputStream source, long length, Closeable owner) implements Body {}

    /**
     * A body of unknown length that a writer makes; it flushes when the client should see what has
     * been written.
     */
    public record Live(Writer writer) implements Body {}

    /**
     * A raw stream: after the head, raw bytes go both ways until either side ends (status 101, or
     * 200 in Docker's older form). If the stream breaks, so does the connection.
     *
     * @param stream closed when the connection has ended, in any way
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
