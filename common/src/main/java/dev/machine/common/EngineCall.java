package dev.machine.common;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * Makes one short request to one engine over mutual TLS, with one deadline for connection,
 * handshake and answer. The engine's certificate must carry the address that was dialled (RFC 9110,
 * section 4.3.4). The endpoint does not use this class: it keeps its connections.
 */
public final class EngineCall {
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    private final SSLContext tls;
    private final Dialer dialer;

    /** Calls that are made through one object share its TLS sessions. */
    public EngineCall(SSLContext tls) {
        this(tls, Dialer.STRAIGHT);
    }

    /** The same for engines that are reached another way, as through a jump host. */
    public EngineCall(SSLContext tls, Dialer dialer) {
        this.tls = tls;
        this.dialer = dialer;
    }

    /** Opens the connection to an engine, within the deadline. */
    @FunctionalInterface
    public interface Dialer {
        /** Connects directly. */
        Dialer STRAIGHT = EngineCall::straight;

        Socket dial(String host, int port, Duration deadline) throws IOException;
    }

    /**
     * The answer of an engine.
     *
     * @param status of HTTP
     * @param body in UTF-8, often JSON
     * @param provenUntil when the engine's certificate expires
     * @param provenName the common name of that certificate; empty if it has none
     */
    public record Answer(int status, String body, Instant provenUntil, String provenName) {}

    /**
     * Sends {@code GET path} and returns the whole answer, whatever its status.
     *
     * @throws IOException if the engine cannot be reached, shows no valid certificate, or is late
     */
    public Answer get(String host, int port, String path, Duration deadline) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        try (Socket plain = dialer.dial(host, port, deadline);
                ScheduledExecutorService alarm =
                        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory())) {
            boolean[] late = new boolean[1];
            // With a read time-out alone, a peer that sends a byte now and then would never be
            // late.
            ScheduledFuture<?> closing =
                    alarm.schedule(
                            () -> {
                                late[0] = true;
                                plain.close();
                                return null;
                            },
                            end - System.nanoTime(),
                            TimeUnit.NANOSECONDS);
            try {
                return ask(secure(plain, host, port), host, port, path);
            } catch (IOException | HttpException e) {
                if (late[0]) {
                    throw late(deadline);
                }
                throw e instanceof IOException io
                        ? io
                        : new IOException(
                                "not an HTTP answer: "
                                        + Printable.line(String.valueOf(e.getMessage())),
                                e);
            } finally {
                closing.cancel(false);
                alarm.shutdownNow();
            }
        }
    }

    private static Socket straight(String host, int port, Duration deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(deadline.toMillis()));
            return socket;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw late(deadline);
        } catch (UnknownHostException e) {
            socket.close();
            throw new IOException(AtomicFiles.reason(e), e);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static SocketTimeoutException late(Duration deadline) {
        return new SocketTimeoutException("no answer within " + deadline.toSeconds() + " s");
    }

    private SSLSocket secure(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Answer ask(SSLSocket socket, String host, int port, String path)
            throws IOException, HttpException {
        try (DefaultBHttpClientConnection connection =
                new DefaultBHttpClientConnection(Http1Config.DEFAULT)) {
            connection.bind(socket);
            BasicClassicHttpRequest request = new BasicClassicHttpRequest("GET", path);
            request.addHeader("Host", host + ":" + port);
            request.addHeader("Connection", "close");
            connection.sendRequestHeader(request);
            connection.flush();
            try (ClassicHttpResponse response = connection.receiveResponseHeader()) {
                connection.receiveResponseEntity(response);
                HttpEntity entity = response.getEntity();
                String body =
                        entity == null
                                ? ""
                                : EntityUtils.toString(
                                        entity, StandardCharsets.UTF_8, MAX_ANSWER_BYTES);
                X509Certificate proof =
                        (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return new Answer(
                        response.getCode(),
                        body,
                        proof.getNotAfter().toInstant(),
                        Pem.commonName(proof).orElse(""));
            }
        }
    }
}
