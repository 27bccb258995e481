package dev.machine.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and an engine, both on unix sockets, and keeps each request with the head
 * and the beginning of its answer. Everything is passed on unchanged, except that the engine seems
 * to know the API version of the endpoint: so a client asks here what it asks the endpoint.
 */
final class ComposeRecorder implements AutoCloseable {
    private static final int MAX_KEPT_BYTES = 1 << 20;

    /** The newest version that the endpoint offers. */
    private static final String SHOWN_API = "1.51";

    private final Path socket;
    private final Path engine;
    private final String api;
    private final ServerSocketChannel listener;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final AtomicInteger callsLeft = new AtomicInteger();
    private volatile Runnable fault = () -> {};

    /** A request and what has come of its answer so far. */
    static final class Exchange {
        final String method;
        final String target;
        final Map<String, String> headers;
        final String body;
        private volatile int status;
        private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

        private Exchange(Head head, byte[] body) {
            this.method = head.start.split(" ")[0];
            this.target = head.start.split(" ")[1];
            this.headers = head.headers;
            this.body = new String(body, StandardCharsets.UTF_8);
        }

        /** 0 until the engine has answered. */
        int status() {
            return status;
        }

        /** The beginning of the answer's body; empty if the connection became a stream. */
        synchronized String answer() {
            return answer.toString(StandardCharsets.UTF_8);
        }

        private synchronized void keep(byte[] bytes, int length) {
            answer.write(bytes, 0, Math.min(length, MAX_KEPT_BYTES - answer.size()));
        }
    }

    /** The start line and the headers, whose names are in lower case here. */
    private record Head(String start, Map<String, String> headers, String text) {
        static Head read(InputStream in) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException("the connection ended");
                }
                text.append((char) c);
            }
            Map<String, String> headers = new TreeMap<>();
            List<String> lines = text.toString().lines().toList();
            for (String line : lines.subList(1, lines.size() - 1)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return new Head(lines.getFirst(), headers, text.toString());
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        byte[] with(String from, String to) {
            return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Starts to listen.
     *
     * @param engine the engine's socket
     * @param api the newest version that the engine knows; it has four characters
     */
    ComposeRecorder(Path socket, Path engine, String api) {
        this.socket = socket;
        this.engine = engine;
        this.api = api;
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /**
     * All that was asked since the start or the last call of this, in the order of the requests.
     */
    List<Exchange> take() {
        List<Exchange> taken = List.copyOf(exchanges);
        exchanges.clear();
        return taken;
    }

    /**
     * From now on a fault happens at a call, which gets no answer.
     *
     * @param call 1 for the next one; a call that never comes if there shall be no fault
     */
    void at(int call, Runnable fault) {
        this.fault = fault;
        callsLeft.set(call);
    }

    /** Whether the call of the fault has come. */
    boolean faulted() {
        return callsLeft.get() <= 0;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(engine))) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(client));
            InputStream back = new BufferedInputStream(Channels.newInputStream(server));
            OutputStream out = Channels.newOutputStream(client);
            OutputStream on = Channels.newOutputStream(server);
            while (true) {
                Head asked = Head.read(in);
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                copyBody(asked, in, body, null);
                Exchange exchange = new Exchange(asked, plain(asked, body.toByteArray()));
                exchanges.add(exchange);
                if (callsLeft.decrementAndGet() == 0) {
                    fault.run();
                    return;
                }
                on.write(asked.with("/v" + SHOWN_API + "/", "/v" + api + "/"));
                on.write(body.toByteArray());
                Head answered = Head.read(back);
                exchange.status = Integer.parseInt(answered.start.split(" ")[1]);
                out.write(answered.with("Api-Version: " + api, "Api-Version: " + SHOWN_API));
                if (exchange.status == 101 || raw(asked, answered)) {
                    Thread input = Thread.ofPlatform().daemon().start(() -> pump(in, on, server));
                    pump(back, out, client);
                    input.join();
                    return;
                }
                if (!exchange.method.equals("HEAD")
                        && exchange.status != 204
                        && exchange.status != 304) {
                    copyAnswer(answered, back, out, exchange);
                }
            }
        } catch (IOException e) {
            // One side went away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The old form of a connection that becomes a stream. */
    private static boolean raw(Head asked, Head answered) {
        return !asked.header("upgrade").isEmpty()
                && answered.header("content-length").isEmpty()
                && answered.header("transfer-encoding").isEmpty();
    }

    private static void pump(InputStream from, OutputStream to, SocketChannel end) {
        byte[] block = new byte[8192];
        try {
            for (int n = from.read(block); n >= 0; n = from.read(block)) {
                to.write(block, 0, n);
            }
            end.shutdownOutput();
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private void copyAnswer(Head head, InputStream in, OutputStream out, Exchange exchange)
            throws IOException {
        if (head.header("content-length").isEmpty() && head.header("transfer-encoding").isEmpty()) {
            byte[] block = new byte[8192];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                exchange.keep(block, n);
                out.write(block, 0, n);
            }
            throw new EOFException("the answer ended with the connection");
        }
        copyBody(head, in, out, exchange);
    }

    private void copyBody(Head head, InputStream in, OutputStream out, Exchange exchange)
            throws IOException {
        if (!head.header("transfer-encoding").contains("chunked")) {
            String length = head.header("content-length");
            copy(length.isEmpty() ? 0 : Integer.parseInt(length), in, out, exchange);
            return;
        }
        while (true) {
            String line = line(in);
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            int size = Integer.parseInt(line.strip(), 16);
            if (size == 0) {
                for (String trailer = line(in); ; trailer = line(in)) {
                    out.write((trailer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    if (trailer.isEmpty()) {
                        return;
                    }
                }
            }
            copy(size, in, out, exchange);
            out.write((line(in) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private void copy(int length, InputStream in, OutputStream out, Exchange exchange)
            throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended within a body");
        }
        if (exchange == null) {
            out.write(bytes);
            return;
        }
        exchange.keep(bytes, length);
        out.write(exchange.target.endsWith("/version") ? shown(bytes) : bytes);
    }

    /** The engine's version as an engine would show it that knows what the endpoint knows. */
    private byte[] shown(byte[] version) {
        String text = new String(version, StandardCharsets.UTF_8);
        return text.replace("\"ApiVersion\":\"" + api, "\"ApiVersion\":\"" + SHOWN_API)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended within a line");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** A body without the framing of its chunks. */
    private static byte[] plain(Head head, byte[] body) throws IOException {
        if (!head.header("transfer-encoding").contains("chunked")) {
            return body;
        }
        InputStream in = new ByteArrayInputStream(body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16);
                size > 0;
                size = Integer.parseInt(line(in), 16)) {
            out.write(in.readNBytes(size));
            line(in);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
