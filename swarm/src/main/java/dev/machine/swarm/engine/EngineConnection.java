package dev.machine.swarm.engine;

import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RelayEntity;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.TcpSocket;
import dev.machine.swarm.http.WatchedInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One TLS connection to an engine, one request at a time. */
final class EngineConnection {
    private static final Http1Config LIMITS =
            Http1Config.custom()
                    .setBufferSize(16 * 1024)
                    .setMaxLineLength(16 * 1024)
                    .setMaxHeaderCount(200)
                    .build();

    /** A connection that was used so recently is not asked whether it is alive. */
    private static final Duration ALIVE_AFTER_USE = Duration.ofSeconds(1);

    /** An engine has no reason to send any; a proxy before it may send one or two. */
    private static final int MAX_INTERIM_ANSWERS = 10;

    private final DefaultBHttpClientConnection wire = new DefaultBHttpClientConnection(LIMITS);
    private final TcpSocket socket;
    private final SSLSocket secure;
    private final OutputStream output;
    private final String host;
    private final Consumer<EngineConnection> free;
    private final Deadlines deadlines;
    private final Duration patience;
    private volatile boolean late;
    private volatile long usedAt = System.nanoTime();
    private volatile boolean lasts;
    private volatile boolean well;
    private volatile boolean givenUp;

    /**
     * @param free takes it back when it can be used again
     * @param patience with the head of an answer from its first byte on
     */
    EngineConnection(
            TcpSocket socket,
            SSLSocket secure,
            String host,
            Consumer<EngineConnection> free,
            Deadlines deadlines,
            Duration patience)
            throws IOException {
        this.socket = socket;
        this.secure = secure;
        this.output = secure.getOutputStream();
        this.host = host;
        this.free = free;
        this.deadlines = deadlines;
        this.patience = patience;
        wire.bind(secure, socket);
    }

    /** Sends a request and reads the head of the answer. */
    EngineReply exchange(EngineRequest request, Cancellation.Attachment attachment)
            throws IOException {
        well = false;
        try {
            BasicClassicHttpRequest head = head(request);
            wire.sendRequestHeader(head);
            IOException cut = upload(head, request.body());
            ClassicHttpResponse response =
                    cut == null ? answer(request) : earlyAnswer(request, cut);
            return reply(request, response, attachment, cut == null);
        } catch (HttpException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the engine's answer is not HTTP/1.1: " + e.getMessage(), e);
        }
    }

    private BasicClassicHttpRequest head(EngineRequest request) throws IOException {
        BasicClassicHttpRequest head =
                new BasicClassicHttpRequest(request.method(), request.path());
        head.addHeader("Host", host);
        request.headers().fields().forEach(field -> head.addHeader(field.name(), field.value()));
        RequestBody body = request.body();
        if (body.length() == RequestBody.CHUNKED) {
            head.addHeader("Transfer-Encoding", "chunked");
        } else if (body.length() > 0
                || (!request.method().equals("GET") && !request.method().equals("HEAD"))) {
            head.addHeader("Content-Length", Long.toString(body.length()));
        }
        return head;
    }

    /** Returns why the engine did not take all of it, if so: it may have answered already. */
    private @Nullable IOException upload(BasicClassicHttpRequest head, RequestBody body)
            throws IOException, HttpException {
        wire.flush();
        if (body.length() == RequestBody.NONE) {
            return null;
        }
        Source source = new Source(body.open());
        head.setEntity(
                RelayEntity.of(
                        source,
                        body.length(),
                        () -> {
                            if (source.broken) {
                                abort();
                            }
                        }));
        try {
            wire.sendRequestEntity(head);
            wire.flush();
            return null;
        } catch (IOException e) {
            if (source.broken) {
                throw e;
            }
            return e;
        }
    }

    private ClassicHttpResponse answer(EngineRequest request) throws IOException, HttpException {
        try (Deadlines.Alarm begins = deadlines.after(request.answersWithin(), this::tooLate)) {
            for (int interim = 0; interim <= MAX_INTERIM_ANSWERS; interim++) {
                ClassicHttpResponse response = head();
                boolean asked = request.headers().first("Upgrade") != null;
                if (response.getCode() == 101 && !asked) {
                    throw new IOException("the engine switched protocols although nobody asked");
                }
                if (response.getCode() >= 200 || response.getCode() == 101) {
                    return response;
                }
            }
        } catch (IOException e) {
            throw late ? new SocketTimeoutException("the engine did not answer in time") : e;
        }
        throw new IOException(
                "the engine sent more than " + MAX_INTERIM_ANSWERS + " interim answers");
    }

    /** Waits for an answer to begin; then its head must come at once. */
    private ClassicHttpResponse head() throws IOException, HttpException {
        wire.isDataAvailable(Timeout.INFINITE);
        try (Deadlines.Alarm ends = deadlines.after(patience, this::tooLate)) {
            return wire.receiveResponseHeader();
        }
    }

    private void tooLate() {
        late = true;
        giveUp();
    }

    private ClassicHttpResponse earlyAnswer(EngineRequest request, IOException cut)
            throws IOException {
        try {
            return answer(request);
        } catch (IOException | HttpException e) {
            cut.addSuppressed(e);
            throw cut;
        }
    }

    private EngineReply reply(
            EngineRequest request,
            ClassicHttpResponse response,
            Cancellation.Attachment attachment,
            boolean uploaded)
            throws IOException, HttpException {
        List<Headers.Field> fields = new ArrayList<>();
        for (Header header : response.getHeaders()) {
            fields.add(
                    new Headers.Field(
                            header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        Headers headers = new Headers(fields);
        int code = response.getCode();
        boolean bodiless = request.method().equals("HEAD") || code == 204 || code == 304;
        long length = 0;
        InputStream content = InputStream.nullInputStream();
        if (!bodiless) {
            wire.receiveResponseEntity(response);
            if (response.getEntity() != null) {
                length =
                        response.getEntity().isChunked()
                                ? -1
                                : response.getEntity().getContentLength();
                content = response.getEntity().getContent();
            }
        }
        boolean framed =
                bodiless
                        || headers.first("Content-Length") != null
                        || headers.hasToken("Transfer-Encoding", "chunked");
        lasts = uploaded && framed && code != 101 && !headers.hasToken("Connection", "close");
        return framed && code != 101
                ? new EngineReply(code, headers, length, false, content, this, attachment)
                : new EngineReply(code, headers, -1, true, new Unframed(content), this, attachment);
    }

    /**
     * A deadline for the rest of an answer that is needed as a whole: its head is there, so the
     * engine has done its work.
     */
    Rest rest() {
        return new Rest();
    }

    /** Reads the rest of an answer; only the time in which the engine is waited for counts. */
    final class Rest {
        private final Duration most = patience.multipliedBy(2);
        private Duration left = most;
        private volatile boolean over;

        int read(InputStream in, byte[] buffer) throws IOException {
            long begin = System.nanoTime();
            try (Deadlines.Alarm alarm = deadlines.after(left, this::end)) {
                return in.read(buffer);
            } catch (IOException e) {
                throw over
                        ? new SocketTimeoutException(
                                "the rest of the engine's answer did not come within "
                                        + EngineTimings.seconds(most)
                                        + " s")
                        : e;
            } finally {
                left = left.minusNanos(System.nanoTime() - begin);
            }
        }

        private void end() {
            over = true;
            giveUp();
        }
    }

    /** Where raw bytes to the engine go, once it has agreed to take them. */
    OutputStream output() {
        return output;
    }

    /** The engine gets no more, but may go on to send (TLS 1.3). */
    void endOutput() throws IOException {
        secure.shutdownOutput();
    }

    /** The answer has been read, or nobody wants the rest of it. */
    void done(boolean whole) {
        well = whole;
        usedAt = System.nanoTime();
        if (whole && lasts) {
            free.accept(this);
        } else {
            abort();
        }
    }

    boolean finishedWell() {
        return well;
    }

    /** Whether it can be used again; only an old one is asked. */
    boolean usable() {
        if (!wire.isOpen()) {
            return false;
        }
        if (System.nanoTime() - usedAt < ALIVE_AFTER_USE.toNanos()) {
            return true;
        }
        try {
            wire.setSocketTimeout(Timeout.ofMilliseconds(0));
            return !wire.isStale();
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the call, and says that it is of no use to make it again. */
    void giveUp() {
        givenUp = true;
        abort();
    }

    boolean givenUp() {
        return givenUp;
    }

    void abort() {
        wire.close(CloseMode.IMMEDIATE);
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    /**
     * A body that goes to the end of the connection: it is whole only if the engine has said so,
     * which one that was killed cannot.
     */
    private final class Unframed extends WatchedInput {
        Unframed(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = in.read(b, off, len);
            if (n < 0 && socket.ended()) {
                throw new EOFException("the engine broke off");
            }
            return n;
        }
    }

    /** Tells a broken source from a broken sink. */
    private static final class Source extends WatchedInput {
        private boolean broken;

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            boolean good = false;
            try {
                int n = in.read(b, off, len);
                good = true;
                return n;
            } finally {
                broken |= !good;
            }
        }
    }
}
