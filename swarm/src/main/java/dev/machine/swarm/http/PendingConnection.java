package dev.machine.swarm.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection between its acceptance and the end of its handshake. Buffers and TLS state are
 * allocated when the first byte has come, not before. One deadline covers it all.
 */
final class PendingConnection implements Admission.Waiting, OpenConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PendingConnection.class);

    private final Socket socket;
    private final HttpServer server;

    PendingConnection(Socket socket, HttpServer server) {
        this.socket = socket;
        this.server = server;
    }

    /** Returns the socket to use, TLS or plain, or null if there was no handshake. */
    @Nullable Socket open() {
        try (Deadlines.Alarm late =
                server.deadlines().after(server.timings().handshake(), this::drop)) {
            if (socket instanceof TcpSocket tcp) {
                if (!tcp.awaitFirstByte()) {
                    return null;
                }
                if (!server.admission().speaks(this)) {
                    return null;
                }
            }
            return server.door().open(socket);
        } catch (IOException e) {
            if (left(e)) {
                LOG.debug("{} left: {}", socket.getRemoteSocketAddress(), e.toString());
            } else {
                LOG.info(
                        "refused a client at {}: {}",
                        socket.getRemoteSocketAddress(),
                        e.getMessage());
            }
            return null;
        }
    }

    // A client that only checks whether the port is open hangs up in the middle of the handshake.
    private static boolean left(IOException e) {
        return e instanceof SocketException
                || e instanceof EOFException
                || e.getCause() instanceof EOFException;
    }

    @Override
    public @Nullable InetAddress from() {
        return socket.getInetAddress();
    }

    @Override
    public boolean hasSpoken() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void drop() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    @Override
    public void closeSoon() {
        drop();
    }

    @Override
    public void end() {
        drop();
    }
}
