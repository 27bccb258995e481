package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that remembers whether it has been read to its end. The JDK's TLS reports an end
 * without close_notify (RFC 8446, section 6.1) like a proper one; the socket below it tells a peer
 * that was killed from one that has finished.
 */
public final class TcpSocket extends Socket {
    private static final int NOTHING = -1;

    private volatile boolean ended;
    private volatile int first = NOTHING;

    /** A socket to connect. */
    public TcpSocket() {}

    private TcpSocket(@Nullable SocketImpl none) throws IOException {
        super(none);
    }

    /** A socket that {@link java.net.ServerSocket} makes an accepted connection of. */
    static TcpSocket toAccept() throws IOException {
        return new TcpSocket(null);
    }

    /** Whether the TCP connection has been read to its end. */
    public boolean ended() {
        return ended;
    }

    /**
     * Waits for the first byte without consuming it; until then a connection costs almost no
     * memory. Returns false if the peer ends without sending one.
     */
    boolean awaitFirstByte() throws IOException {
        first = getInputStream().read();
        return first != NOTHING;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Watched(super.getInputStream());
    }

    private final class Watched extends WatchedInput {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            return in.available() + (first == NOTHING ? 0 : 1);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (first != NOTHING && len > 0) {
                b[off] = (byte) first;
                first = NOTHING;
                return 1;
            }
            int n = in.read(b, off, len);
            if (n < 0) {
                ended = true;
            }
            return n;
        }
    }
}
