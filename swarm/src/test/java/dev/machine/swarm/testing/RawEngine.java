package dev.machine.swarm.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/**
 * An engine that says whatever bytes a test wants, over TLS. It answers what the endpoint asks to
 * follow it, has one running container called {@code web}, and leaves all other calls, or any of
 * them, to a script.
 */
public final class RawEngine implements AutoCloseable {
    /** The id of its container. */
    public static final String WEB =
            "abababababababababababababababababababababababababababababababab";

    private static final String WEB_DETAILS = "/containers/" + WEB + "/json";
    private static final String ENTRY =
            "{\"Id\":\""
                    + WEB
                    + "\",\"Names\":[\"/web\"],\"Image\":\"x\",\"State\":\"running\",\"Status\":\"Up\"}";

    private final TestPki pki;
    private final String name;
    private final SSLServerSocket listener;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Script script = (call, in, out) -> false;

    /** What a call asks for; its body is not read. */
    public record Asked(String method, String path, String head) {
        /** The length it gives, or 0. */
        public int length() {
            int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("\ncontent-length:");
            return at < 0
                    ? 0
                    : Integer.parseInt(head.substring(at + 16).lines().toList().get(0).strip());
        }
    }

    /** Answers a call with bytes of its own. False leaves it to the engine. */
    @FunctionalInterface
    public interface Script {
        boolean answers(Asked call, InputStream in, OutputStream out) throws IOException;
    }

    public RawEngine(TestPki pki, String name) {
        this.pki = pki;
        this.name = name;
        try {
            listener =
                    (SSLServerSocket)
                            pki.context()
                                    .getServerSocketFactory()
                                    .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public RawEngine script(Script other) {
        script = other;
        return this;
    }

    /** Method and path of what was asked. */
    public List<String> calls() {
        return calls;
    }

    /** How many connections it has taken. */
    public int connections() {
        return connections.get();
    }

    /** Cuts all connections. */
    public void cut() {
        sockets.forEach(RawEngine::close);
    }

    /** Writes its member file. */
    public void join(Path folder) {
        try {
            Path temporary = folder.resolve("." + name + ".yaml.tmp");
            Files.writeString(
                    temporary,
                    """
                    schema: 1
                    name: %s
                    address: 127.0.0.1:%d
                    platform: linux/amd64
                    tls: {ca: %s, cert: %s, key: %s}
                    """
                            .formatted(
                                    name,
                                    listener.getLocalPort(),
                                    pki.ca(),
                                    pki.cert(),
                                    pki.key()));
            Files.move(temporary, folder.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or a client that did not come in.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                String[] words = head.lines().toList().get(0).split(" ");
                String path = words[1].replaceFirst("^/v[0-9.]+/", "/");
                calls.add(words[0] + " " + path);
                Asked asked = new Asked(words[0], path, head);
                if (!script.answers(asked, in, out)) {
                    body(asked, in);
                    answer(path, out);
                }
                out.flush();
            }
        } catch (IOException e) {
            // The endpoint has gone.
        } finally {
            sockets.remove(socket);
        }
    }

    private static void body(Asked call, InputStream in) throws IOException {
        in.readNBytes(call.length());
        if (call.head().contains("Transfer-Encoding: chunked")) {
            StringBuilder read = new StringBuilder();
            while (!read.toString().endsWith("0\r\n\r\n")) {
                int c = in.read();
                if (c < 0) {
                    return;
                }
                read.append((char) c);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static void answer(String path, OutputStream out) throws IOException {
        String what = path.replaceFirst("\\?.*", "");
        switch (what) {
            case "/_ping" -> json(out, 200, "OK");
            case "/version" ->
                    json(
                            out,
                            200,
                            "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.24\",\"Arch\":\"amd64\",\"Version\":\"20.10\"}");
            case "/info" ->
                    json(
                            out,
                            200,
                            "{\"ID\":\"raw\",\"Name\":\"raw\",\"NCPU\":2,\"MemTotal\":4294967296,\"ServerVersion\":\"20.10\",\"OSType\":\"linux\",\"Architecture\":\"x86_64\"}");
            case "/containers/json" -> json(out, 200, "[" + ENTRY + "]");
            case WEB_DETAILS ->
                    json(
                            out,
                            200,
                            "{\"Id\":\""
                                    + WEB
                                    + "\",\"Name\":\"/web\",\"State\":{\"Running\":true},\"HostConfig\":{},\"Config\":{}}");
            case "/images/json" -> json(out, 200, "[]");
            case "/events" -> {
                say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                await();
            }
            default -> json(out, 404, "{\"message\":\"no such thing: " + what + "\"}");
        }
    }

    private static void await() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Writes an answer with its length. */
    public static void json(OutputStream out, int status, String body) throws IOException {
        say(
                out,
                "HTTP/1.1 "
                        + status
                        + " X\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }

    /** Writes a text at once. */
    public static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // Closed is closed.
        }
        cut();
    }
}
