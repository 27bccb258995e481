package dev.machine.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output or standard error of this process. It is always UTF-8, so that file names reach
 * docker unchanged in every locale. {@link PrintStream} only remembers that a write failed; this
 * class also remembers why.
 */
final class WatchedStream extends PrintStream {
    /** The system's message when the reader has closed the pipe (EPIPE). */
    static final String BROKEN_PIPE = "Broken pipe";

    private final Sink sink;

    private WatchedStream(Sink sink) {
        super(new BufferedOutputStream(sink, 8192), false, StandardCharsets.UTF_8);
        this.sink = sink;
    }

    static WatchedStream to(FileDescriptor descriptor) {
        return to(new FileOutputStream(descriptor));
    }

    static WatchedStream to(OutputStream real) {
        return new WatchedStream(new Sink(real));
    }

    /** The reason why the first failed write failed. */
    String reason() {
        return sink.reason;
    }

    private static final class Sink extends OutputStream {
        private final OutputStream real;
        private volatile String reason = "it cannot be written to";

        Sink(OutputStream real) {
            this.real = real;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                real.write(bytes, from, length);
            } catch (IOException e) {
                if (e.getMessage() != null) {
                    reason = e.getMessage();
                }
                throw e;
            }
        }
    }
}
