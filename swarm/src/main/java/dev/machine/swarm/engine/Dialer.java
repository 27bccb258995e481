package dev.machine.swarm.engine;

import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/**
 * Opens connections to one engine: TCP with keep-alive probes that notice a host that died (RFC
 * 9293, section 3.8.4), then TLS when the limit of handshakes allows it, each with a deadline. It
 * closes a socket that nobody took over.
 */
final class Dialer {
    private static final int KEEPALIVE_IDLE_SECONDS = 2;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 1;
    private static final int KEEPALIVE_PROBES = 2;
    private static final Duration LISTENS_TIMEOUT = Duration.ofMillis(750);

    private final Member member;
    private final Supplier<SSLContext> tls;
    private final Deadlines deadlines;

    /** With TCP, and again with TLS. */
    private final Duration patience;

    private final HandshakeLimit handshakes;
    private final Set<Socket> opening = ConcurrentHashMap.newKeySet();

    /** Takes a connection over. */
    @FunctionalInterface
    interface Taker<T> {
        T take(TcpSocket socket, SSLSocket secure) throws IOException;
    }

    Dialer(Member member, Supplier<SSLContext> tls, EngineEnvironment environment) {
        this.member = member;
        this.tls = tls;
        deadlines = environment.deadlines();
        patience = environment.timings().connect();
        handshakes = environment.handshakes();
    }

    /** Opens a connection and hands it over. */
    <T> T open(Cancellation cancellation, Taker<T> taker) throws IOException {
        TcpSocket socket = new TcpSocket();
        boolean good = false;
        opening.add(socket);
        try (Cancellation.Attachment given = cancellation.attach(() -> close(socket))) {
            within(
                    socket,
                    () -> {
                        dial(socket);
                        return socket;
                    });
            SSLSocket secure = handshakes.run(() -> within(socket, () -> secure(socket)));
            T taken = taker.take(socket, secure);
            good = true;
            return taken;
        } finally {
            opening.remove(socket);
            if (!good) {
                close(socket);
            }
        }
    }

    /** Ends all attempts to connect; their callers get an error. */
    void giveUp() {
        opening.forEach(Dialer::close);
    }

    /** Whether anything, if only a kernel, still takes connections for the engine. */
    boolean listens() throws UnknownHostException {
        InetSocketAddress address = address();
        try (Socket probe = new Socket()) {
            probe.connect(address, Math.toIntExact(LISTENS_TIMEOUT.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private InetSocketAddress address() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(member.host()), member.port());
    }

    private <T> T within(Socket socket, HandshakeLimit.Handshake<T> part) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        try (Deadlines.Alarm alarm =
                deadlines.after(
                        patience,
                        () -> {
                            late.set(true);
                            close(socket);
                        })) {
            return part.run();
        } catch (IOException e) {
            throw late.get()
                    ? new SocketTimeoutException(
                            "cannot connect within " + EngineTimings.seconds(patience) + " s")
                    : e;
        }
    }

    private void dial(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
        socket.connect(address(), Math.toIntExact(patience.toMillis()));
    }

    private SSLSocket secure(Socket socket) throws IOException {
        SSLSocket secure =
                (SSLSocket)
                        tls.get()
                                .getSocketFactory()
                                .createSocket(socket, member.host(), member.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }
}
