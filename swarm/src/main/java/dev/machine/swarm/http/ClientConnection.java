package dev.machine.swarm.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
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
 * One client's connection. Its own thread reads what the client sends and, while an answer is made
 * on another thread, keeps reading ahead: that is how a client that goes away is noticed. Between
 * requests it waits in the same read, so a read is never interrupted but by closing the socket.
 */
final class ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int MOST_DRAINED = 1 << 20;

    private final Socket socket;
    private final HttpServer server;
    private final WireConnection wire = new WireConnection();
    private volatile @Nullable Socket spoken;
    private volatile Deadlines.Alarm pending;
    private volatile boolean busy = true;
    private volatile boolean closing;

    ClientConnection(Socket socket, HttpServer server) {
        this.socket = socket;
        this.server = server;
        this.pending = server.deadlines().after(server.timings().handshake(), this::abort);
    }

    void run() {
        try {
            Socket ready = handshake();
            spoken = ready;
            wire.bind(ready, socket);
            serve();
        } catch (IOException | HttpException e) {
            LOG.debug("connection of {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            abort();
        }
    }

    private Socket handshake() throws IOException {
        try {
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
            throw e;
        }
    }

    // Who only looks whether somebody listens hangs up in the middle of the handshake.
    private static boolean left(IOException e) {
        return e instanceof SocketException
                || e instanceof EOFException
                || e.getCause() instanceof EOFException;
    }

    private void serve() throws IOException, HttpException {
        pending.close();
        idle();
        while (wire.isDataAvailable(Timeout.INFINITE) && !closing) {
            pending.close();
            busy = true;
            Exchange exchange = receive();
            if (exchange == null) {
                return;
            }
            Thread worker = Thread.ofVirtual().name("exchange").start(exchange);
            watch(exchange);
            join(worker);
            if (!exchange.keepsAlive() || !drain(exchange)) {
                return;
            }
        }
    }

    /**
     * Called by the worker when its answer is out: the wait for the next request has a limit, the
     * last answer an end.
     */
    void answered(Exchange exchange) {
        if (exchange.keepsAlive() && !closing) {
            idle();
            return;
        }
        // The client reads the rest and closes; a reset now could take the answer from it.
        pending = server.deadlines().after(server.timings().linger(), this::abort);
        endOutput();
    }

    private void endOutput() {
        Socket open = spoken;
        try {
            if (open != null) {
                open.shutdownOutput();
            }
        } catch (IOException e) {
            abort();
        }
    }

    private void idle() {
        pending = server.deadlines().after(server.timings().idle(), this::abort);
        busy = false;
        if (closing) {
            abort();
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
        }
        return null;
    }

    private void refuse(int status, @Nullable String sentence) throws IOException, HttpException {
        LOG.info("refused a request of {}: {}", socket.getRemoteSocketAddress(), sentence);
        Answer.of(
                        Response.problem(status, sentence == null ? "bad request" : sentence),
                        false,
                        this::abort)
                .send(wire, false);
        endOutput();
    }

    private enum Ahead {
        BYTES,
        END,
        GONE
    }

    /**
     * Reads ahead while the answer is made, so that a client that goes away ends the work for it.
     * If the answer is a raw stream, what the client sends goes there.
     */
    private void watch(Exchange exchange) {
        Ahead ahead = ahead(exchange);
        if (ahead == Ahead.GONE || (ahead == Ahead.END && !exchange.mayBecomeRaw())) {
            exchange.gone();
        }
        if (exchange.mayBecomeRaw()) {
            RawStream raw = exchange.awaitRaw();
            if (raw == null) {
                discard();
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

    /** Input that was meant for a raw stream must never be read as another request. */
    private void discard() {
        try {
            wire.rest().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("client gone: {}", e.toString());
        }
    }

    /** Where raw bytes to the client go, once the head of the answer is out. */
    OutputStream output() throws IOException {
        Socket open = spoken;
        if (open == null) {
            throw new IOException("there is no connection");
        }
        return open.getOutputStream();
    }

    private boolean drain(Exchange exchange) {
        InputStream rest = exchange.unreadUpload();
        if (rest == null) {
            return true;
        }
        try (Deadlines.Alarm late =
                server.deadlines().after(server.timings().head(), this::abort)) {
            byte[] waste = new byte[8192];
            int drained = 0;
            for (int n = rest.read(waste); n >= 0; n = rest.read(waste)) {
                drained += n;
                if (drained > MOST_DRAINED) {
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

    /** No further request is taken; an idle connection closes now. */
    void closeSoon() {
        closing = true;
        if (!busy) {
            abort();
        }
    }

    boolean closing() {
        return closing;
    }

    /** Closes with a reset, so that a half-sent answer cannot look whole. */
    void abort() {
        wire.close(CloseMode.IMMEDIATE);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }
}
