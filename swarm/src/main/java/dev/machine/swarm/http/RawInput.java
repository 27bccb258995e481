package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client sends on a connection that has become a raw stream, passed on to its engine. */
final class RawInput {
    private static final Logger LOG = LoggerFactory.getLogger(RawInput.class);
    private static final int BUFFER = 32 * 1024;
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final InputStream in;
    private final Socket socket;
    private final RawStream stream;
    private boolean taken = true;

    /**
     * @param in what the client sends, TLS undone
     * @param socket what it comes over
     */
    RawInput(InputStream in, Socket socket, RawStream stream) {
        this.in = in;
        this.socket = socket;
        this.stream = stream;
    }

    /** Whether a connection whose input has ended was broken off rather than half-closed. */
    static boolean brokeOff(Socket socket) {
        return socket instanceof TcpSocket tcp && tcp.ended();
    }

    /** Passes everything on. Returns whether the client has gone rather than said its last. */
    boolean pump() {
        try {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                give(buffer, n);
            }
            if (brokeOff(socket)) {
                return true;
            }
        } catch (IOException e) {
            return true;
        }
        try {
            stream.endOut();
        } catch (IOException e) {
            LOG.debug("an engine's stream has ended before its input: {}", e.toString());
        }
        return leaves();
    }

    /** What an engine does not take any more is dropped: its output decides how this ends. */
    private void give(byte[] buffer, int n) {
        if (taken) {
            try {
                stream.out().write(buffer, 0, n);
                stream.out().flush();
            } catch (IOException e) {
                taken = false;
                LOG.debug("an engine takes no more input: {}", e.toString());
            }
        }
    }

    /**
     * Waits below TLS for the end of the connection. Some clients half-close TCP together with TLS,
     * so only an end that comes later says that the client has gone.
     */
    private boolean leaves() {
        long since = System.nanoTime();
        byte[] waste = new byte[64];
        try {
            InputStream below = socket.getInputStream();
            for (int n = below.read(waste); n >= 0; n = below.read(waste)) {
                LOG.trace("{} bytes after the end", n);
            }
            return System.nanoTime() - since > AT_ONCE.toNanos();
        } catch (IOException e) {
            return true;
        }
    }
}
