package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer; runs on a thread of its own while the connection's thread watches the
 * client.
 */
final class Exchange implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Request request;
    private final WireConnection wire;
    private final ClientConnection connection;
    private final HttpServer server;
    private final Upload upload;
    private final Cancellation cancellation = new Cancellation();
    private volatile boolean keepAlive;
    private boolean answering;

    Exchange(
            ClassicHttpRequest head,
            WireConnection wire,
            ClientConnection connection,
            HttpServer server)
            throws IOException {
        this.wire = wire;
        this.connection = connection;
        this.server = server;
        Headers headers = headers(head);
        boolean http10 =
                head.getVersion() != null && !head.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
        keepAlive = !http10 && !headers.hasToken("Connection", "close");
        upload =
                new Upload(head.getEntity(), !http10 && headers.hasToken("Expect", "100-continue"));
        request =
                new Request(
                        head.getMethod(),
                        Target.parse(head.getPath()),
                        headers,
                        upload,
                        cancellation,
                        http10);
    }

    private static Headers headers(ClassicHttpRequest head) {
        java.util.List<Headers.Field> fields = new java.util.ArrayList<>();
        for (Header header : head.getHeaders()) {
            fields.add(
                    new Headers.Field(
                            header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        return new Headers(fields);
    }

    @Override
    public void run() {
        try {
            answer(respond());
        } catch (IOException | HttpException | RuntimeException e) {
            keepAlive = false;
            LOG.debug("answer to {} broke: {}", request.method(), e.toString());
            connection.abort();
        } finally {
            upload.done.countDown();
            connection.answered(this);
        }
    }

    private Response respond() {
        Response response = handled();
        return upload.broken
                ? Response.problem(
                        400, "the body of the request broke off or is not framed as HTTP asks")
                : response;
    }

    private Response handled() {
        try {
            return server.handler().handle(request);
        } catch (HttpProblem e) {
            return Response.problem(e.status(), e.sentence());
        } catch (IOException | RuntimeException e) {
            if (!cancellation.cancelled()) {
                LOG.warn(
                        "{} {} failed",
                        request.method(),
                        String.join("/", request.target().rawSegments()),
                        e);
            }
            return Response.problem(500, "the endpoint could not answer: " + e.getMessage());
        }
    }

    private void answer(Response response) throws IOException, HttpException {
        try (Closeable owner =
                        response.body() instanceof Response.Relay relay ? relay.owner() : () -> {};
                Cancellation.Attachment gone = cancellation.attach(() -> closeQuietly(owner))) {
            Answer answer = Answer.of(response, request.http10(), connection::abort);
            keepAlive =
                    keepAlive
                            && answer.lasts()
                            && !connection.closing()
                            && !upload.awaitsPermission()
                            && !upload.broken;
            answering = true;
            answer.send(wire, keepAlive, request.method().equals("HEAD"));
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    /** Waits until the client's body is read or nobody wants it any more. */
    void awaitUpload() {
        try {
            upload.done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /** The request's body; reports when it has been read. */
    private final class Upload implements RequestBody {
        private final @Nullable HttpEntity entity;
        private final CountDownLatch done;
        private final @Nullable InputStream content;
        private volatile boolean permission;
        private volatile boolean ended;
        private volatile boolean broken;

        Upload(@Nullable HttpEntity entity, boolean permission) throws IOException {
            this.entity = entity;
            this.permission = permission && entity != null;
            this.content = entity == null ? null : new Watched(entity.getContent());
            this.ended = entity == null || entity.getContentLength() == 0;
            this.done = new CountDownLatch(ended ? 0 : 1);
        }

        @Override
        public long length() {
            return entity == null ? NONE : entity.isChunked() ? CHUNKED : entity.getContentLength();
        }

        @Override
        public InputStream open() throws IOException {
            if (content == null) {
                return InputStream.nullInputStream();
            }
            if (permission && !answering) {
                permission = false;
                try {
                    wire.sendResponseHeader(new BasicClassicHttpResponse(100));
                    wire.flush();
                } catch (HttpException e) {
                    throw new IOException(e);
                }
            }
            return content;
        }

        boolean awaitsPermission() {
            return permission;
        }

        @Nullable InputStream rest() {
            return ended ? null : content;
        }

        private final class Watched extends FilterInputStream {
            Watched(InputStream in) {
                super(in);
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = ended ? -1 : readOrBreak(b, off, len);
                if (n < 0) {
                    ended = true;
                    done.countDown();
                }
                return n;
            }

            private int readOrBreak(byte[] b, int off, int len) throws IOException {
                boolean good = false;
                try {
                    int n = in.read(b, off, len);
                    good = true;
                    return n;
                } finally {
                    broken |= !good;
                }
            }

            @Override
            public void close() {
                // HttpCore would read to the end of the body here; what is left is drained with a
                // limit instead.
            }
        }
    }
}
