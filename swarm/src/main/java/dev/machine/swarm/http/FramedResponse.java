package dev.machine.swarm.http;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * A response with its framing chosen (RFC 9112, section 6): known length, chunks, or the end of the
 * connection.
 */
final class FramedResponse {
    private static final int PART_BYTES = 64 * 1024;

    private final BasicClassicHttpResponse head;
    private final boolean hasBody;
    private final boolean lasts;

    private FramedResponse(BasicClassicHttpResponse head, boolean hasBody, boolean lasts) {
        this.head = head;
        this.hasBody = hasBody;
        this.lasts = lasts;
    }

    static FramedResponse of(Response response, boolean http10, Runnable abort) {
        return of(response, http10, abort, () -> {});
    }

    /**
     * The same.
     *
     * @param moved called when the client has taken a part of a body that is in memory
     */
    static FramedResponse of(Response response, boolean http10, Runnable abort, Runnable moved) {
        BasicClassicHttpResponse head = new BasicClassicHttpResponse(response.status());
        response.headers().fields().forEach(field -> head.addHeader(field.name(), field.value()));
        boolean raw = response.body() instanceof Response.Raw;
        boolean bodiless = raw || response.status() == 204 || response.status() == 304;
        RelayEntity entity =
                switch (response.body()) {
                    case Response.Empty() -> RelayEntity.of(out -> {}, 0, abort);
                    case Response.Bytes(byte[] content) ->
                            RelayEntity.of(
                                    out -> write(content, out, moved), content.length, abort);
                    case Response.Relay relay ->
                            RelayEntity.of(relay.source(), relay.length(), abort);
                    case Response.Live live -> RelayEntity.of(live.writer(), -1, abort);
                    case Response.Raw x -> RelayEntity.of(out -> {}, -1, abort);
                };
        head.setEntity(entity);
        boolean unknown = entity.getContentLength() < 0;
        if (!bodiless && unknown && !http10) {
            head.addHeader("Transfer-Encoding", "chunked");
        } else if (!bodiless && !unknown) {
            head.addHeader("Content-Length", Long.toString(entity.getContentLength()));
        }
        if (response.status() == 101) {
            head.setReasonPhrase("UPGRADED");
            head.addHeader("Connection", "Upgrade");
            head.addHeader("Upgrade", "tcp");
        }
        return new FramedResponse(head, !bodiless, !(unknown && http10) && !raw);
    }

    private static void write(byte[] content, OutputStream out, Runnable moved) throws IOException {
        for (int at = 0; at < content.length; at += PART_BYTES) {
            out.write(content, at, Math.min(PART_BYTES, content.length - at));
            moved.run();
        }
    }

    /** Whether the connection can be used again after this answer. */
    boolean lasts() {
        return lasts;
    }

    void send(WireConnection wire, boolean keepAlive) throws IOException, HttpException {
        send(wire, keepAlive, false);
    }

    /** Sends the head at once, and the body as it comes. */
    void send(WireConnection wire, boolean keepAlive, boolean headOnly)
            throws IOException, HttpException {
        if (!keepAlive && !head.containsHeader("Upgrade")) {
            head.addHeader("Connection", "close");
        }
        wire.sendResponseHeader(head);
        if (hasBody && !headOnly) {
            if (head.getEntity().getContentLength() < 0) {
                wire.flush();
            }
            wire.sendResponseEntity(head);
        }
        wire.flush();
    }
}
