package dev.machine.e2e.bench;

import dev.machine.swarm.testing.load.HttpMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that does what clients do, five times a second: connect, ping, list. Says how long the
 * endpoint takes for it.
 */
final class WellBehaved {
    private final InetSocketAddress address;
    private final SSLContext tls;
    private final ConcurrentLinkedQueue<Try> tries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::visit);
    private volatile String failure = "";
    private volatile boolean over;

    /** One visit, in ms: until it is connected, let in, has its pong, has its list. */
    record Try(double connected, double in, double ponged, double done) {}

    WellBehaved(InetSocketAddress address, SSLContext tls) {
        this.address = address;
        this.tls = tls;
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        over = true;
        thread.join();
    }

    /** Forgets what was until now. */
    void clear() {
        tries.clear();
        failures.set(0);
        failure = "";
    }

    Try worst() {
        return sorted().getLast();
    }

    int failures() {
        return failures.get();
    }

    private List<Try> sorted() {
        List<Try> sorted = tries.stream().sorted(Comparator.comparing(Try::done)).toList();
        return sorted.isEmpty() ? List.of(new Try(0, 0, 0, 0)) : sorted;
    }

    @Override
    public String toString() {
        List<Try> all = sorted();
        Try worst = all.getLast();
        return "p50 %.0f of %d; worst connected after %.0f, in after %.0f, pong after %.0f; %d failed %s"
                .formatted(
                        all.get(all.size() / 2).done,
                        all.size(),
                        worst.connected,
                        worst.in,
                        worst.ponged,
                        failures.get(),
                        failure);
    }

    /** A new connection, a ping and a list, five times a second. */
    private void visit() {
        while (!over) {
            long begin = System.nanoTime();
            try (Socket plain = new Socket()) {
                plain.connect(address, 20_000);
                plain.setTcpNoDelay(true);
                double connected = since(begin);
                plain.setSoTimeout(20_000);
                SSLSocket socket = secured(plain);
                double letIn = since(begin);
                HttpMessage.Reader in = new HttpMessage.Reader(socket.getInputStream());
                double ponged = 0;
                for (String path : List.of("/_ping", "/v1.41/containers/json")) {
                    say(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                    HttpMessage answer = in.next();
                    if (answer == null || !answer.second().equals("200")) {
                        throw new IOException("no answer");
                    }
                    ponged = ponged == 0 ? since(begin) : ponged;
                }
                tries.add(new Try(connected, letIn, ponged, since(begin)));
            } catch (IOException e) {
                failure = "after %.0f ms: %s".formatted(since(begin), e);
                failures.incrementAndGet();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    SSLSocket open() throws IOException {
        Socket plain = new Socket();
        plain.connect(address, 20_000);
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(60_000);
        return secured(plain);
    }

    private SSLSocket secured(Socket plain) throws IOException {
        SSLSocket secure =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(
                                        plain, address.getHostString(), address.getPort(), true);
        secure.startHandshake();
        return secure;
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }
}
