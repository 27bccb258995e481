package dev.machine.e2e.bench;

import dev.machine.swarm.testing.load.HttpMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Calls one port of the loopback; connections are kept and used again. */
final class Caller {
    private static final String HEADERS =
            "Host: bench\r\nUser-Agent: Docker-Client/26.1.5 (linux)\r\nContent-Type: application/json\r\n";
    private static final int PATIENCE_MS = 60_000;

    private final int port;
    private final @Nullable SSLContext tls;
    private final ConcurrentLinkedDeque<Kept> idle = new ConcurrentLinkedDeque<>();

    private record Kept(Socket socket, OutputStream out, HttpMessage.Reader in) {}

    /**
     * @param tls null for plain
     */
    Caller(int port, @Nullable SSLContext tls) {
        this.port = port;
        this.tls = tls;
    }

    HttpMessage call(String method, String path, String body) throws IOException {
        Kept kept = idle.pollLast();
        Kept connection = kept == null ? open() : kept;
        boolean good = false;
        try {
            HttpMessage.write(
                    connection.out,
                    method + " " + path + " HTTP/1.1",
                    HEADERS,
                    body.getBytes(StandardCharsets.UTF_8));
            HttpMessage answer = connection.in.next();
            if (answer == null) {
                throw new IOException("closed without an answer");
            }
            good = true;
            return answer;
        } finally {
            if (good) {
                idle.addLast(connection);
            } else {
                connection.socket.close();
            }
        }
    }

    private Kept open() throws IOException {
        SocketFactory factory = tls == null ? SocketFactory.getDefault() : tls.getSocketFactory();
        Socket socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        if (socket instanceof SSLSocket secure) {
            secure.startHandshake();
        }
        return new Kept(
                socket, socket.getOutputStream(), new HttpMessage.Reader(socket.getInputStream()));
    }

    void close() throws IOException {
        for (Kept kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            kept.socket.close();
        }
    }
}
