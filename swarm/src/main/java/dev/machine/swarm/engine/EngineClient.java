package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.TcpSocket;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * The connections to one engine: kept alive, used again, and watched by TCP's own probes so that a
 * host that dies in the middle of a stream ends it within five seconds (RFC 9293, section 3.8.4).
 * Errors are {@link IOException}s whose message is a sentence without the engine's name.
 */
public final class EngineClient implements AutoCloseable {
    private static final int MAX_IDLE_CONNECTIONS = 16;

    /** Bytes after a list that are read so that the connection can be used again. */
    private static final int MAX_TRAILING_BYTES = 1024;

    private final Member member;
    private final Deadlines deadlines;
    private final Duration patience;
    private final Dialer dialer;
    private final LargeAnswers answers;
    private final ConcurrentLinkedDeque<EngineConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<EngineConnection> waiting = ConcurrentHashMap.newKeySet();
    private final Set<EngineConnection> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public EngineClient(Member member, Supplier<SSLContext> tls, EngineEnvironment environment) {
        this.member = member;
        patience = environment.timings().connect();
        answers = environment.answers();
        deadlines = environment.deadlines();
        dialer = new Dialer(member, tls, environment);
    }

    /**
     * Sends a request; the answer's head is awaited as long as the request says, but not longer
     * than the engine is healthy.
     */
    public EngineReply send(EngineRequest request) throws IOException {
        for (EngineConnection kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            if (!kept.usable()) {
                drop(kept);
                continue;
            }
            try {
                return exchange(kept, request);
            } catch (IOException e) {
                // The engine may have closed it while it lay idle; nothing has been done then.
                if (!request.repeatable() || kept.givenUp() || request.cancellation().cancelled()) {
                    throw plain(e);
                }
            }
        }
        EngineConnection opened;
        try {
            opened = open(request.cancellation());
        } catch (IOException e) {
            throw new NotSentException(plain(e));
        }
        try {
            return exchange(opened, request);
        } catch (IOException e) {
            throw plain(e);
        }
    }

    private EngineReply exchange(EngineConnection connection, EngineRequest request)
            throws IOException {
        waiting.add(connection);
        boolean answered = false;
        Cancellation.Attachment attachment = request.cancellation().attach(connection::abort);
        try {
            EngineReply reply = connection.exchange(request, attachment);
            answered = true;
            return reply;
        } finally {
            waiting.remove(connection);
            if (!answered) {
                attachment.close();
                drop(connection);
            }
        }
    }

    /**
     * Sends {@code GET path} and reads a JSON answer of status 200, all of it within the deadline.
     */
    public JsonNode json(String path, Duration deadline) throws IOException {
        return LimitedJson.tree(bytes(path, deadline));
    }

    /** Sends {@code GET path} and reads an answer of status 200, all of it within the deadline. */
    public byte[] bytes(String path, Duration deadline) throws IOException {
        Answer answer = call(EngineRequest.get(path), deadline);
        if (answer.status != 200) {
            throw new EngineStatusException(answer.status, answer.body);
        }
        return answer.body;
    }

    /**
     * Sends a request and reads the whole answer, all of it within the deadline.
     *
     * @throws TooLongException if it is longer than {@link LimitedJson#MAX_ANSWER}
     */
    public Answer call(EngineRequest request, Duration deadline) throws IOException {
        return within(
                request,
                deadline,
                reply -> new Answer(reply.status(), answers.read(reply.body(), deadline)));
    }

    /**
     * Sends {@code GET path} and hands over the entries of the list that is answered, one after the
     * other, all within the deadline.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    public void entries(String path, Duration deadline, EntryTaker taker) throws IOException {
        within(
                EngineRequest.get(path),
                deadline,
                reply -> {
                    if (reply.status() != 200) {
                        throw new EngineStatusException(
                                reply.status(), answers.read(reply.body(), deadline));
                    }
                    JsonEntries entries = JsonEntries.list(reply.body(), ListMemory.MAX_LIST);
                    for (byte[] entry = entries.next(); entry != null; entry = entries.next()) {
                        taker.take(entry);
                    }
                    // Read to its end, the connection can be used again.
                    return reply.body().readNBytes(MAX_TRAILING_BYTES).length;
                });
    }

    private interface Reader<T> {
        T read(EngineReply reply) throws IOException;
    }

    private <T> T within(EngineRequest request, Duration deadline, Reader<T> reader)
            throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        try (Deadlines.Alarm alarm =
                        deadlines.after(
                                deadline,
                                () -> {
                                    late.set(true);
                                    request.cancellation().cancel();
                                });
                EngineReply reply = send(request)) {
            return reader.read(reply);
        } catch (TooLongException e) {
            throw e;
        } catch (IOException e) {
            if (!late.get()) {
                throw e;
            }
            IOException timeout =
                    new SocketTimeoutException(
                            "no answer within " + EngineTimings.seconds(deadline) + " s");
            throw e instanceof NotSentException ? new NotSentException(timeout) : timeout;
        }
    }

    /** A whole answer. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body) {}

    /**
     * Opens a connection before it is needed: how long it had to wait for its handshake is then no
     * part of the patience with the engine.
     */
    void reach() throws IOException {
        try {
            free(open(new Cancellation()));
        } catch (IOException e) {
            throw plain(e);
        }
    }

    /**
     * Returns when the engine has answered a ping. The patience is with its answer alone: when many
     * calls come at once, a new connection has to wait for its handshake behind theirs.
     */
    void ping(Duration patience) throws IOException {
        if (idle.isEmpty()) {
            reach();
        }
        bytes("/_ping", patience);
    }

    private EngineConnection open(Cancellation cancellation) throws IOException {
        if (closed) {
            throw new SocketException("the node was taken out of the swarm");
        }
        return dialer.open(cancellation, this::take);
    }

    private EngineConnection take(TcpSocket socket, SSLSocket secure) throws IOException {
        EngineConnection connection =
                new EngineConnection(
                        socket, secure, member.address(), this::free, deadlines, patience);
        all.add(connection);
        return connection;
    }

    private void free(EngineConnection connection) {
        if (closed || idle.size() >= MAX_IDLE_CONNECTIONS) {
            drop(connection);
        } else {
            idle.addLast(connection);
        }
    }

    private void drop(EngineConnection connection) {
        all.remove(connection);
        connection.abort();
    }

    /**
     * The engine hangs or is gone: calls that wait for an answer's head fail, and idle connections
     * are dropped.
     */
    void giveUp() {
        waiting.forEach(EngineConnection::giveUp);
        dialer.giveUp();
        for (EngineConnection kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            drop(kept);
        }
    }

    /**
     * Ends streams, too, if nothing listens for the engine any more. TCP's probes alone would not
     * do: they rest while something that was sent is not acknowledged, and it is sent again for a
     * quarter of an hour. An engine that merely hangs still has a kernel that takes connections.
     */
    void cutIfGone() throws UnknownHostException {
        if (!dialer.listens()) {
            all.forEach(this::drop);
        }
    }

    /** Ends every call and stream. */
    @Override
    public void close() {
        closed = true;
        dialer.giveUp();
        all.forEach(EngineConnection::abort);
        all.clear();
        idle.clear();
    }

    private static IOException plain(IOException e) {
        String said = e.getMessage();
        String message = said == null || said.isEmpty() ? e.getClass().getSimpleName() : said;
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.startsWith("socket closed")
                || lower.startsWith("socket is closed")
                || lower.startsWith("connection is closed")) {
            return new IOException(
                    "the call was given up, because the engine does not answer or the client has gone",
                    e);
        }
        return switch (e) {
            case SocketTimeoutException x -> x;
            case UnknownHostException x ->
                    new IOException("the name " + message + " is not known", e);
            case SSLException x -> new IOException("TLS failed: " + message, e);
            case NoHttpResponseException x ->
                    new IOException("the engine closed the connection", e);
            default ->
                    new IOException(
                            message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1),
                            e);
        };
    }

    /** There was no connection, so the engine has done nothing. */
    public static final class NotSentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSentException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** An answer that was not 200. */
    public static final class EngineStatusException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        EngineStatusException(int status, byte[] body) {
            super("the engine answered " + status + ": " + LimitedJson.shortMessage(body));
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
