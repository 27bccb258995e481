package dev.machine.e2e.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * An engine that keeps its place in the swarm, has one container, says logs without end, and
 * answers {@code /top} with one piece of nonsense after the other.
 */
final class HostileBoard implements AutoCloseable {
    static final String WEB = "ab".repeat(32);
    private static final byte[] LINE = new byte[32 * 1024];

    private final SSLServerSocket listener;
    private final List<String> answers;
    private final AtomicInteger next = new AtomicInteger();

    HostileBoard(SSLContext tls, List<String> answers) throws IOException {
        this.answers = answers;
        listener =
                (SSLServerSocket)
                        tls.getServerSocketFactory()
                                .createServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                // Threads of the system: this process has carriers for two that never park.
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                answer(head.split(" ")[1].replaceFirst("^/v[0-9.]+/", "/"), out);
            }
        } catch (IOException e) {
            // The endpoint has gone.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private void answer(String path, OutputStream out) throws IOException {
        String what = path.replaceFirst("\\?.*", "");
        if (what.endsWith("/logs")) {
            say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                say(out, Integer.toHexString(LINE.length) + "\r\n");
                out.write(LINE);
                say(out, "\r\n");
            }
        }
        if (what.endsWith("/top")) {
            say(out, answers.get(next.getAndIncrement() % answers.size()));
            throw new IOException("and hangs up");
        }
        if (what.equals("/events")) {
            say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            forever();
        }
        String entry =
                "{\"Id\":\""
                        + WEB
                        + "\",\"Names\":[\"/web\"],\"Image\":\"x\",\"State\":\"running\",\"Status\":\"Up\"}";
        String body =
                switch (what) {
                    case "/version" -> "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.24\"}";
                    case "/info" ->
                            "{\"ID\":\"h\",\"Name\":\"h\",\"NCPU\":2,\"MemTotal\":4294967296,\"OSType\":\"linux\",\"Architecture\":\"x86_64\"}";
                    case "/containers/json" -> "[" + entry + "]";
                    case "/images/json" -> "[]";
                    case "/_ping" -> "OK";
                    default -> "{\"Id\":\"" + WEB + "\",\"State\":{\"Running\":true}}";
                };
        say(out, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void forever() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
