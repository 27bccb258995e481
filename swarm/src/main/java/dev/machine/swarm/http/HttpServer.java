package dev.machine.swarm.http;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one address: a TCP address over mutual TLS 1.3 and 1.2, or a socket file without TLS,
 * which only its owner may use. A client without a certificate of the context's CA, or without TLS,
 * gets no answer. When it is closed, running answers get a limited time to end.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Listener door;
    private final Handler handler;
    private final Deadlines deadlines;
    private final Timings timings;
    private final Admission admission;
    private final Set<OpenConnection> guests = ConcurrentHashMap.newKeySet();
    private final RateLimitedLog overload = new RateLimitedLog();
    private volatile boolean stopped;

    /**
     * How long a client may take.
     *
     * @param handshake for the TLS handshake
     * @param head for a request's head, and for the rest of a body that is not used
     * @param body for a body that is needed as a whole
     * @param stall in this time a body that is passed on must make some progress
     * @param idle between requests
     * @param linger to read the last answer and close; after that only the kernel goes on
     *     delivering it
     * @param drain for all running answers when the server stops
     */
    public record Timings(
            Duration handshake,
            Duration head,
            Duration body,
            Duration stall,
            Duration idle,
            Duration linger,
            Duration drain) {
        public static final Timings DEFAULT =
                new Timings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5));

        /** With the usual times for bodies. */
        Timings(Duration handshake, Duration head, Duration idle, Duration linger, Duration drain) {
            this(handshake, head, DEFAULT.body, DEFAULT.stall, idle, linger, drain);
        }
    }

    private HttpServer(
            Listener door,
            Handler handler,
            Deadlines deadlines,
            Timings timings,
            Admission admission) {
        this.door = door;
        this.handler = handler;
        this.deadlines = deadlines;
        this.timings = timings;
        this.admission = admission;
    }

    /**
     * Starts to listen and to answer.
     *
     * @param admission who may stay connected; shared by all servers of an endpoint
     * @throws MachineException if the address cannot be listened on
     */
    public static HttpServer start(
            InetSocketAddress address,
            Supplier<SSLContext> tls,
            Handler handler,
            Deadlines deadlines,
            Timings timings,
            Admission admission) {
        return start(TlsListener.at(address, tls), handler, deadlines, timings, admission);
    }

    /**
     * Starts to answer on a socket file, which only its owner may use; it is removed at the end.
     *
     * @param admission who may stay connected; shared by all servers of an endpoint
     * @throws MachineException if another process listens there, or the file cannot be made
     */
    public static HttpServer start(
            Path socket,
            Handler handler,
            Deadlines deadlines,
            Timings timings,
            Admission admission) {
        return start(UnixListener.at(socket), handler, deadlines, timings, admission);
    }

    static HttpServer start(
            Listener door,
            Handler handler,
            Deadlines deadlines,
            Timings timings,
            Admission admission) {
        HttpServer server = new HttpServer(door, handler, deadlines, timings, admission);
        // A platform thread, so that connections are accepted, and silent ones dropped, even while
        // all virtual threads are busy.
        Thread.ofPlatform().daemon().name("accept").start(server::accept);
        return server;
    }

    public SocketAddress address() {
        return door.address();
    }

    /**
     * Only the end of the server may end this loop: otherwise no client would be served any more.
     */
    private void accept() {
        while (!stopped) {
            Socket socket = null;
            try {
                socket = door.accept();
                admit(socket);
            } catch (IOException | RuntimeException | Error e) {
                close(socket);
                acceptFailed(e);
            }
        }
    }

    private void admit(Socket socket) {
        PendingConnection arrival = new PendingConnection(socket, this);
        Admission.Entry entry = admission.arrives(arrival);
        if (entry == Admission.Entry.REFUSED) {
            overload.tell(
                    missed ->
                            LOG.info(
                                    "refused {} connections: too many wait for their handshake",
                                    missed));
            arrival.drop();
            return;
        }
        boolean started = false;
        guests.add(arrival);
        try {
            if (entry == Admission.Entry.WAITS_A_MOMENT) {
                @SuppressWarnings("resource") // Called off by nobody: somebody has to go.
                var _ = deadlines.after(Admission.NEWCOMER_TIME, () -> admission.ages(arrival));
            }
            Thread.ofVirtual().name("client").start(() -> serve(socket, arrival));
            started = true;
        } finally {
            if (!started) {
                forget(arrival);
            }
        }
    }

    private void forget(PendingConnection arrival) {
        guests.remove(arrival);
        admission.waitsNoMore(arrival);
    }

    private void serve(Socket socket, PendingConnection arrival) {
        try {
            Socket spoken = arrival.open();
            if (spoken == null) {
                return;
            }
            ClientConnection client = new ClientConnection(socket, spoken, this);
            guests.add(client);
            try {
                forget(arrival);
                if (stopped) {
                    client.closeSoon();
                }
                client.run(admission.enters(client));
            } finally {
                admission.leaves(client);
                guests.remove(client);
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("a connection failed: {}", e.toString());
            LOG.debug("a connection failed", e);
        } finally {
            forget(arrival);
            close(socket);
        }
    }

    private void acceptFailed(Throwable e) {
        if (stopped) {
            return;
        }
        try {
            overload.tell(
                    missed ->
                            LOG.warn(
                                    "cannot accept a connection ({} times): {}",
                                    missed,
                                    e.toString()));
            // Out of file descriptors or memory: without a pause the next try would fail at once.
            admission.makeRoom();
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error again) {
            // Even logging has failed; the loop goes on.
        }
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    /** Accepts no more connections and requests, and gives running answers time to end. */
    @Override
    public void close() {
        stopped = true;
        try {
            door.close();
        } catch (IOException e) {
            LOG.debug("closing the listener: {}", e.toString());
        }
        guests.forEach(OpenConnection::closeSoon);
        long end = System.nanoTime() + timings.drain().toNanos();
        while (!guests.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        guests.forEach(OpenConnection::end);
    }

    /** Whether it is stopping; true before the first connection is told. */
    boolean stopped() {
        return stopped;
    }

    Admission admission() {
        return admission;
    }

    Listener door() {
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
