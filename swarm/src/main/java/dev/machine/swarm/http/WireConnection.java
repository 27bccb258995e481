package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.Timeout;

/**
 * HttpCore's server connection with our stricter checks. The input buffer is kept, because it holds
 * the bytes that a client sends after an upgrade.
 */
final class WireConnection extends DefaultBHttpServerConnection {
    static final Http1Config LIMITS =
            Http1Config.custom()
                    .setBufferSize(16 * 1024)
                    .setMaxLineLength(16 * 1024)
                    .setMaxHeaderCount(200)
                    .setMaxEmptyLineCount(4)
                    .setWaitForContinueTimeout(Timeout.of(Duration.ofSeconds(3)))
                    .build();

    private final Parser parser;

    WireConnection() {
        this(new Parser());
    }

    @SuppressWarnings("NullAway") // HttpCore takes null for its defaults.
    private WireConnection(Parser parser) {
        super("https", LIMITS, null, null, null, null, config -> parser, null);
        this.parser = parser;
    }

    /** Connects it to a socket, or to TLS over a socket. */
    void bind(Socket spoken, Socket socket) throws IOException {
        if (spoken instanceof SSLSocket secure) {
            bind(secure, socket);
        } else {
            bind(socket);
        }
    }

    /** The input after the request, beginning with the bytes that came together with its head. */
    InputStream rest() {
        return parser.rest;
    }

    @Override
    protected InputStream createContentInputStream(
            long length, SessionInputBuffer buffer, InputStream in) {
        return length == ContentLengthStrategy.CHUNKED
                ? new ChunkedInputStream(new StrictChunks(buffer), in, LIMITS)
                : super.createContentInputStream(length, buffer, in);
    }

    private static final class Parser implements HttpMessageParser<ClassicHttpRequest> {
        @SuppressWarnings("NullAway") // HttpCore takes null for its defaults.
        private final DefaultHttpRequestParser parser =
                new DefaultHttpRequestParser(LIMITS, null, new RawRequest.Factory());

        private InputStream rest = InputStream.nullInputStream();

        @Override
        public ClassicHttpRequest parse(SessionInputBuffer buffer, InputStream in)
                throws IOException, HttpException {
            rest = new IdentityInputStream(buffer, in);
            ClassicHttpRequest request = parser.parse(new StrictLines(buffer), in);
            if (request != null) {
                RequestRules.check(request);
            }
            return request;
        }
    }
}
