package dev.machine.swarm.http;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one TCP address over mutual TLS 1.3 and 1.2, where a client without a certificate of the
 * context's CA, or without TLS, gets no answer; or one socket file without TLS, which only its
 * owner may use. Stopping lets running answers end within a limit.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Door door;
    private final Handler handler;
    private final Deadlines deadlines;
    private final Timings timings;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * How long a client may take.
     *
     * @param handshake for the TLS handshake
     * @param head for a request's head, and for the rest of a body nobody reads
     * @param idle between requests
     * @param linger to read the last answer and close; after that the kernel alone delivers the
     *     rest
     * @param drain for all running answers when the server stops
     */
    public record Timings(
            Duration handshake, Duration head, Duration idle, Duration linger, Duration drain) {
        public static final Timings DEFAULT =
                new Timings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5));
    }

    private HttpServer(Door door, Handler handler, Deadlines deadlines, Timings timings) {
        this.door = door;
        this.handler = handler;
        this.deadlines = deadlines;
        this.timings = timings;
    }

    /**
     * Starts to listen and to answer.
     *
     * @throws MachineException if the address cannot be listened on
     */
    public static HttpServer start(
            InetSocketAddress address,
            Supplier<SSLContext> tls,
            Handler handler,
            Deadlines deadlines,
            Timings timings) {
        return start(TlsDoor.at(address, tls), handler, deadlines, timings);
    }

    /**
     * Starts to answer on a socket file, which only its owner may use; it is removed at the end.
     *
     * @throws MachineException if another process listens there, or the file cannot be made
     */
    public static HttpServer start(
            Path socket, Handler handler, Deadlines deadlines, Timings timings) {
        return start(UnixDoor.at(socket), handler, deadlines, timings);
    }

    private static HttpServer start(
            Door door, Handler handler, Deadlines deadlines, Timings timings) {
        HttpServer server = new HttpServer(door, handler, deadlines, timings);
        Thread.ofVirtual().name("accept").start(server::accept);
        return server;
    }

    public SocketAddress address() {
        return door.address();
    }

    private void accept() {
        while (!stopped) {
            try {
                Socket socket = door.accept();
                ClientConnection connection = new ClientConnection(socket, this);
                connections.add(connection);
                Thread.ofVirtual()
                        .name("client")
                        .start(
                                () -> {
                                    try {
                                        connection.run();
                                    } finally {
                                        connections.remove(connection);
                                    }
                                });
            } catch (IOException e) {
                acceptFailed(e);
            }
        }
    }

    private void acceptFailed(IOException e) {
        if (stopped) {
            return;
        }
        LOG.warn("cannot accept a connection: {}", e.getMessage());
        try {
            // Out of file descriptors: the next try would fail as fast.
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more connections and requests, and gives running answers their time. */
    @Override
    public void close() {
        stopped = true;
        try {
            door.close();
        } catch (IOException e) {
            LOG.debug("closing the listener: {}", e.toString());
        }
        connections.forEach(ClientConnection::closeSoon);
        InstantSource clock = InstantSource.system();
        java.time.Instant end = clock.instant().plus(timings.drain());
        while (!connections.isEmpty() && clock.instant().isBefore(end)) {
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        connections.forEach(ClientConnection::end);
    }

    Door door() {
        return door;
    }

    Handler handler() {
        return handler;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Timings timings() {
        return timings;
    }
}
