package dev.machine.swarm.testing;

import dev.machine.swarm.http.TcpSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that says exactly what a test wants said, byte by byte. */
public final class TestClient implements AutoCloseable {
    private final TcpSocket below = new TcpSocket();
    private final SSLSocket socket;

    public TestClient(InetSocketAddress address, SSLContext tls) throws IOException {
        this(address, tls, true);
    }

    /**
     * A client that half-closes as it is told.
     *
     * @param both whether a half-close of TLS is one of TCP, too
     */
    public TestClient(InetSocketAddress address, SSLContext tls, boolean both) throws IOException {
        below.connect(address);
        below.setSoTimeout(20_000);
        socket =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(
                                        below,
                                        address.getAddress().getHostAddress(),
                                        address.getPort(),
                                        both);
    }

    /** TCP without TLS: closing it is what becomes of a client that is killed. */
    public TcpSocket below() {
        return below;
    }

    public SSLSocket socket() {
        return socket;
    }

    public TestClient say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads until a text has come; returns all that was read. */
    public String hear(String until) throws IOException {
        StringBuilder heard = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (heard.indexOf(until) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended after: " + heard);
            }
            heard.append((char) c);
        }
        return heard.toString();
    }

    /** Reads to the end. */
    public String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        below.close();
    }
}
