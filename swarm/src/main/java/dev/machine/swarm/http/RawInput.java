package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on to the engine what a client sends on a connection that has become a raw stream. */
final class RawInput {
    private static final Logger LOG = LoggerFactory.getLogger(RawInput.class);
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final Duration HALF_CLOSE_WINDOW = Duration.ofSeconds(1);

    private final InputStream in;
    private final Socket socket;
    private final RawStream stream;
    private boolean taken = true;

    /**
     * @param in what the client sends, after TLS
     * @param socket the TCP socket below
     */
    RawInput(InputStream in, Socket socket, RawStream stream) {
        this.in = in;
        this.socket = socket;
        this.stream = stream;
    }

    /** Whether a connection whose input has ended has broken off, and was not half-closed. */
    static boolean brokeOff(Socket socket) {
        return socket instanceof TcpSocket tcp && tcp.ended();
    }

    /**
     * Passes everything on. Returns true if the client has gone, false if it has only ended its
     * input.
     */
    boolean pump() {
        try {
            byte[] buffer = new byte[BUFFER_BYTES];
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

    /**
     * Drops what the engine does not accept any more: the end of its output ends the connection.
     */
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
     * so only an end that comes later means that the client has gone.
     */
    private boolean leaves() {
        long since = System.nanoTime();
        byte[] waste = new byte[64];
        try {
            InputStream below = socket.getInputStream();
            for (int n = below.read(waste); n >= 0; n = below.read(waste)) {
                LOG.trace("{} bytes after the end", n);
            }
            return System.nanoTime() - since > HALF_CLOSE_WINDOW.toNanos();
        } catch (IOException e) {
            return true;
        }
    }
}
