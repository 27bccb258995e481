package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. It runs on its own thread while the thread of the connection watches
 * the client.
 */
final class Exchange implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Request request;
    private final WireConnection wire;
    private final ClientConnection connection;
    private final HttpServer server;
    private final Upload upload;
    private final RequestMemory.Share share;
    private final Cancellation cancellation = new Cancellation();
    private volatile boolean keepAlive;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile @Nullable RawStream raw;
    private final boolean mayBecomeRaw;

    Exchange(
            ClassicHttpRequest head,
            WireConnection wire,
            ClientConnection connection,
            HttpServer server)
            throws IOException {
        this.wire = wire;
        this.connection = connection;
        this.server = server;
        this.share = server.admission().work().share(connection::abort);
        Headers headers = headers(head);
        boolean http10 =
                head.getVersion() != null && !head.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
        upload =
                new Upload(
                        wire,
                        head.getEntity(),
                        !http10 && headers.hasToken("Expect", "100-continue"),
                        new Upload.Pace(
                                server.deadlines(),
                                server.timings().body(),
                                server.timings().stall(),
                                connection::abort),
                        share);
        request =
                new Request(
                        head.getMethod(),
                        RequestTarget.parse(head.getPath()),
                        headers,
                        upload,
                        cancellation,
                        share,
                        http10);
        mayBecomeRaw = server.handler().mayBecomeRaw(request);
        keepAlive = !http10 && !mayBecomeRaw && !headers.hasToken("Connection", "close");
    }

    private static Headers headers(ClassicHttpRequest head) {
        List<Headers.Field> fields = new ArrayList<>();
        for (Header header : head.getHeaders()) {
            fields.add(
                    new Headers.Field(
                            header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        return new Headers(fields);
    }

    @Override
    public void run() {
        boolean whole = false;
        try {
            answer(respond());
            whole = true;
        } catch (IOException | HttpException | RuntimeException | Error e) {
            LOG.debug("answer to {} broke: {}", request.method(), e.toString());
        } finally {
            if (!whole) {
                keepAlive = false;
                connection.abort();
            }
            decided.countDown();
            upload.over();
            share.close();
            if (whole) {
                connection.answered(this);
            }
        }
    }

    private Response respond() {
        Response response = handled();
        if (!upload.broken()) {
            return response;
        }
        HttpProblem problem = upload.problem();
        return Response.problem(problem.status(), problem.sentence());
    }

    private Response handled() {
        try {
            return server.handler().handle(request);
        } catch (HttpProblem e) {
            return Response.problem(e.status(), e.sentence());
        } catch (IOException | RuntimeException | Error e) {
            tell(e);
            return Response.problem(500, "the endpoint could not answer: " + reason(e));
        }
    }

    /**
     * Logs one line: a client's error is no warning, and stack traces are only shown at level
     * debug.
     */
    private void tell(Throwable e) {
        String path = String.join("/", request.target().rawSegments());
        if (cancellation.cancelled() || upload.broken()) {
            LOG.info("{} /{} was cancelled by its client: {}", request.method(), path, reason(e));
        } else {
            LOG.warn("{} /{} failed: {}", request.method(), path, e.toString());
            LOG.debug("{} /{} failed", request.method(), path, e);
        }
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void answer(Response response) throws IOException, HttpException {
        try (Closeable owner = owner(response.body());
                Cancellation.Attachment gone = cancellation.attach(() -> closeQuietly(owner))) {
            FramedResponse answer =
                    FramedResponse.of(response, request.http10(), connection::abort, share::moved);
            keepAlive =
                    keepAlive
                            && answer.lasts()
                            && !connection.closing()
                            && !upload.awaitsPermission()
                            && !upload.broken();
            upload.answering();
            share.onlyHolds(
                    response.body() instanceof Response.Bytes(byte[] there) ? there.length : 0);
            share.waits();
            answer.send(wire, keepAlive, request.method().equals("HEAD"));
            if (response.body() instanceof Response.Raw(RawStream stream)) {
                raw = stream;
                decided.countDown();
                RelayEntity.copy(stream.in(), connection.output());
            }
        }
    }

    private static Closeable owner(Response.Body body) {
        return switch (body) {
            case Response.Relay relay -> relay.owner();
            case Response.Raw(RawStream stream) -> stream;
            case Response.Empty x -> () -> {};
            case Response.Bytes x -> () -> {};
            case Response.Live x -> () -> {};
        };
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    /** Waits until the client's body has been read, or nobody needs it any more. */
    void awaitUpload() {
        upload.await();
    }

    /** Whether the answer may be a raw stream: then the client may end its input and still wait. */
    boolean mayBecomeRaw() {
        return mayBecomeRaw;
    }

    /**
     * Waits for the raw stream that the client's further input goes to; null if the answer is an
     * ordinary one.
     */
    @Nullable RawStream awaitRaw() {
        try {
            decided.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return raw;
    }

    /** What is left of the body, or null. */
    @Nullable InputStream unreadUpload() {
        return upload.rest();
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    void gone() {
        cancellation.cancel();
    }
}
