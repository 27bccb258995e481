package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Its thread reads what the client sends. While another thread makes the
 * answer, it reads ahead, and so notices when the client goes away. It waits in the same read
 * between requests, so only closing the socket interrupts a read.
 */
final class ClientConnection implements Admission.Client, OpenConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int MAX_DRAINED_BYTES = 1 << 20;

    private final Socket socket;
    private final Socket spoken;
    private final HttpServer server;
    private final WireConnection wire = new WireConnection();
    private volatile Deadlines.Alarm pending;
    private volatile boolean busy = true;
    private volatile boolean closing;
    private volatile boolean ending;

    /**
     * @param socket the connection
     * @param spoken the socket itself, or TLS over it
     */
    ClientConnection(Socket socket, Socket spoken, HttpServer server) {
        this.socket = socket;
        this.spoken = spoken;
        this.server = server;
        this.pending = server.deadlines().after(server.timings().idle(), this::leave);
    }

    void run(Admission.Verdict verdict) {
        try {
            wire.bind(spoken, socket);
            switch (verdict) {
                case SERVED -> serve();
                case REFUSED -> turnAway();
                case CLOSED -> {
                    busy = false;
                }
            }
        } catch (IOException | HttpException e) {
            LOG.debug("connection of {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            pending.close();
            end();
        }
    }

    /**
     * Answers the first request with 503. It is read first, because a client may not understand an
     * answer that comes before its request.
     */
    private void turnAway() throws IOException, HttpException {
        pending.close();
        if (receive() != null) {
            refuse(
                    503,
                    "the endpoint serves "
                            + server.admission().most()
                            + " clients already, which is its limit; try again later");
            discard(socket.getInputStream());
        }
    }

    private void serve() throws IOException, HttpException {
        pending.close();
        idle();
        while (wire.isDataAvailable(Timeout.INFINITE) && !closing) {
            pending.close();
            busy = true;
            server.admission().works(this);
            Exchange exchange = receive();
            if (exchange == null) {
                discard(socket.getInputStream());
                return;
            }
            Thread worker = Thread.ofVirtual().name("exchange").start(exchange);
            watch(exchange);
            join(worker);
            if (exchange.keepsAlive() && !drain(exchange)) {
                pending.close();
                last();
            }
            if (ending || !exchange.keepsAlive()) {
                discard(socket.getInputStream());
                return;
            }
        }
    }

    /**
     * Called by the worker when its whole answer has been sent: from now on the client has a
     * deadline.
     */
    void answered(Exchange exchange) {
        if (exchange.keepsAlive() && !closing) {
            idle();
        } else {
            last();
        }
    }

    /**
     * Ends the output and waits until the client has read the rest and closes. What it sends until
     * then is read and dropped: closing a socket with unread bytes sends a reset, which takes from
     * the client what it has not read yet.
     */
    private void last() {
        ending = true;
        endOutput();
        idle(server.timings().linger());
        server.admission().lingers(this);
    }

    private void endOutput() {
        try {
            spoken.shutdownOutput();
        } catch (IOException e) {
            abort();
        }
    }

    private void idle() {
        idle(server.timings().idle());
        server.admission().idles(this);
    }

    private void idle(Duration most) {
        pending = server.deadlines().after(most, this::leave);
        busy = false;
        if (closing) {
            leave();
        }
    }

    private @Nullable Exchange receive() throws IOException, HttpException {
        try (Deadlines.Alarm late =
                server.deadlines().after(server.timings().head(), this::abort)) {
            ClassicHttpRequest request = wire.receiveRequestHeader();
            if (request == null) {
                return null;
            }
            wire.receiveRequestEntity(request);
            return new Exchange(request, wire, this, server);
        } catch (BadRequestException e) {
            refuse(400, e.getMessage());
        } catch (MessageConstraintException | RequestHeaderFieldsTooLargeException e) {
            refuse(431, "the head of the request is too large");
        } catch (HttpException e) {
            refuse(400, "this is not HTTP/1.1: " + e.getMessage());
        } catch (HttpProblem e) {
            refuse(e.status(), e.sentence());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // HttpCore's parser throws these for some malformed requests.
            refuse(400, "this is not HTTP/1.1: " + e.getMessage());
        }
        return null;
    }

    private void refuse(int status, @Nullable String sentence) throws IOException, HttpException {
        LOG.info("refused a request of {}: {}", socket.getRemoteSocketAddress(), sentence);
        FramedResponse.of(
                        Response.problem(status, sentence == null ? "bad request" : sentence),
                        false,
                        this::abort)
                .send(wire, false);
        last();
    }

    private enum Ahead {
        BYTES,
        END,
        GONE
    }

    /**
     * Reads ahead while the answer is made, and cancels the exchange if the client goes away. If
     * the answer is a raw stream, what the client sends goes there.
     */
    private void watch(Exchange exchange) {
        Ahead ahead = ahead(exchange);
        if (ahead == Ahead.GONE || (ahead == Ahead.END && !exchange.mayBecomeRaw())) {
            exchange.gone();
        }
        if (exchange.mayBecomeRaw()) {
            RawStream raw = exchange.awaitRaw();
            if (raw == null) {
                discard(wire.rest());
            } else if (new RawInput(wire.rest(), socket, raw).pump()) {
                exchange.gone();
            }
        }
    }

    private Ahead ahead(Exchange exchange) {
        try {
            exchange.awaitUpload();
            if (exchange.unreadUpload() != null || wire.isDataAvailable(Timeout.INFINITE)) {
                return Ahead.BYTES;
            }
            return RawInput.brokeOff(socket) ? Ahead.GONE : Ahead.END;
        } catch (IOException e) {
            LOG.debug("client gone: {}", e.toString());
            return Ahead.GONE;
        }
    }

    /**
     * Drops the rest of the input: bytes that were meant for a raw stream, or come late, must never
     * be read as another request.
     */
    private static void discard(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("client gone: {}", e.toString());
        }
    }

    /** The output for raw bytes, once the head of the answer has been sent. */
    OutputStream output() throws IOException {
        return spoken.getOutputStream();
    }

    private boolean drain(Exchange exchange) {
        InputStream rest = exchange.unreadUpload();
        if (rest == null) {
            return true;
        }
        try (Deadlines.Alarm late =
                server.deadlines().after(server.timings().head(), this::leave)) {
            byte[] waste = new byte[8192];
            int drained = 0;
            for (int n = rest.read(waste); n >= 0; n = rest.read(waste)) {
                drained += n;
                if (drained > MAX_DRAINED_BYTES) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void makeRoom() {
        leave();
    }

    @Override
    public void closeSoon() {
        closing = true;
        if (!busy) {
            leave();
        }
    }

    boolean closing() {
        return closing || server.stopped();
    }

    /** Closes now; with a reset if an answer is being sent. */
    @Override
    public void end() {
        if (busy) {
            abort();
        } else {
            leave();
        }
    }

    /** Closes without a reset, so that what has been sent still arrives. */
    private void leave() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    /** Closes with a reset, so that a half-sent answer cannot look whole. */
    void abort() {
        wire.close(CloseMode.IMMEDIATE);
        leave();
    }
}
