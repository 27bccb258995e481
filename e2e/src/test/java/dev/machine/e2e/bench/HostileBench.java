package dev.machine.e2e.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The endpoint under attack, with the flags that {@code machine start} gives it: crowds of clients
 * that are idle, slow, silent or full of nonsense, and an engine that answers nonsense. All the
 * while a well-behaved client connects, pings and lists, and its longest wait is printed.
 */
public final class HostileBench {
    private static final String LOGS =
            "GET /v1.41/containers/"
                    + HostileBoard.WEB
                    + "/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final double SERVED_WITHIN = 1000;
    private static final long MOST_MEMORY = 520;

    private final Rig rig;
    private final SSLContext tls;
    private final InetSocketAddress address;
    private final ConcurrentLinkedQueue<Socket> crowd = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Double> waits = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean over;

    private HostileBench(Rig rig) {
        this.rig = rig;
        this.tls = rig.clientTls();
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port());
    }

    public static void main(String[] arguments) throws Exception {
        try (Rig rig = new Rig()) {
            rig.engines(2);
            try (HostileBoard board = new HostileBoard(rig.engineTls(), Nonsense.answers())) {
                rig.join("hostile", board.port());
                rig.restart(3);
                new HostileBench(rig).run();
            }
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    private void run() throws Exception {
        Thread good = Thread.ofPlatform().daemon().start(this::wellBehaved);
        TimeUnit.SECONDS.sleep(5);
        System.out.printf("%-58s %9s %9s %7s %7s%n", "", "served in", "RSS MB", "threads", "files");
        part("at rest", () -> TimeUnit.SECONDS.sleep(3));
        part("31 000 connections that say nothing", () -> connects(31_000));
        part("2000 idle clients", () -> clients(2000, ""));
        part("and 500 that send a byte a second", () -> slow(500));
        part("and 200 that ask for logs and do not read them", () -> clients(200, LOGS));
        part("and " + Nonsense.requests().size() + " malformed requests", this::malformed);
        part("and " + Nonsense.answers().size() + " answers that are nonsense", this::answers);
        part("4 that read logs at full speed for 15 s", this::readers);
        Part leave =
                () -> {
                    for (Socket socket : crowd) {
                        socket.close();
                    }
                    TimeUnit.SECONDS.sleep(15);
                };
        part("all have left, 15 s later", leave);
        over = true;
        good.join();
        long pid = rig.endpoint();
        System.out.printf(
                "largest RSS %d MB (at most %d: %s)%n",
                Proc.peak(pid), MOST_MEMORY, Proc.peak(pid) <= MOST_MEMORY ? "ok" : "TOO MUCH");
    }

    private void part(String name, Part part) throws Exception {
        waits.clear();
        failures.set(0);
        part.run();
        List<Double> sorted = waits.stream().sorted().toList();
        double p50 = sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
        double most = sorted.isEmpty() ? 0 : sorted.getLast();
        long pid = rig.endpoint();
        System.out.printf(
                "%-58s %6.0f ms %9d %7d %7d  p50 %.0f ms of %d, %d failed%s%n",
                name,
                most,
                Proc.rss(pid),
                Proc.threads(pid),
                Proc.files(pid),
                p50,
                sorted.size(),
                failures.get(),
                most <= SERVED_WITHIN && failures.get() == 0 ? "" : "  TOO LATE");
    }

    /** A new connection, a ping and a list, five times a second. */
    private void wellBehaved() {
        while (!over) {
            long begin = System.nanoTime();
            try (Socket socket = open()) {
                socket.setSoTimeout(20_000);
                Message.Reader in = new Message.Reader(socket.getInputStream());
                for (String path : List.of("/_ping", "/v1.41/containers/json")) {
                    say(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                    Message answer = in.next();
                    if (answer == null || !answer.second().equals("200")) {
                        throw new IOException("no answer");
                    }
                }
                waits.add((System.nanoTime() - begin) / 1e6);
            } catch (IOException e) {
                failures.incrementAndGet();
            }
            pause(200);
        }
    }

    private SSLSocket open() throws IOException {
        Socket plain = new Socket();
        plain.connect(address, 20_000);
        plain.setSoTimeout(60_000);
        SSLSocket secure =
                (SSLSocket)
                        tls.getSocketFactory().createSocket(plain, "127.0.0.1", rig.port(), true);
        secure.startHandshake();
        return secure;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connects(int count) throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                workers.submit(
                        () -> {
                            List<Socket> open = new ArrayList<>();
                            while (left.getAndDecrement() > 0) {
                                try {
                                    Socket socket = new Socket();
                                    socket.connect(address, 5000);
                                    open.add(socket);
                                } catch (IOException e) {
                                    refused.incrementAndGet();
                                }
                                if (open.size() > 1000) {
                                    open.removeFirst().close();
                                }
                            }
                            for (Socket socket : open) {
                                socket.close();
                            }
                            return null;
                        });
            }
        }
    }

    /** Clients that say something, or nothing, and stay. */
    private void clients(int count, String words) throws Exception {
        Semaphore atOnce = new Semaphore(16);
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                atOnce.acquire();
                workers.submit(
                        () -> {
                            try {
                                SSLSocket socket = open();
                                crowd.add(socket);
                                say(socket, words);
                            } catch (IOException e) {
                                failed.incrementAndGet();
                            } finally {
                                atOnce.release();
                            }
                        });
            }
        }
        TimeUnit.SECONDS.sleep(2);
        if (failed.get() > 0) {
            System.out.println("  " + failed + " of them did not get in");
        }
    }

    private void slow(int count) throws Exception {
        clients(count, "");
        List<Socket> mine = new ArrayList<>(crowd).subList(crowd.size() - count, crowd.size());
        for (int second = 0; second < 8; second++) {
            for (Socket socket : mine) {
                try {
                    say(socket, "GET /_ping HTTP/1.1".substring(second, second + 1));
                } catch (IOException e) {
                    // Cut off: it took too long.
                }
            }
            pause(1000);
        }
    }

    private void malformed() throws Exception {
        int answered = 0;
        List<String> requests = Nonsense.requests();
        for (String request : requests) {
            try (SSLSocket socket = open()) {
                socket.setSoTimeout(1000);
                say(socket, request);
                byte[] begin = socket.getInputStream().readNBytes(12);
                answered +=
                        new String(begin, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 4")
                                ? 1
                                : 0;
            } catch (IOException e) {
                // Cut off, or it waits for the rest of a body.
            }
        }
        System.out.println(
                "  refused with a status of 4xx: " + answered + " of " + requests.size());
    }

    private void answers() throws Exception {
        int bad = 0;
        int count = Nonsense.answers().size();
        for (int i = 0; i < count; i++) {
            try (SSLSocket socket = open()) {
                socket.setSoTimeout(10_000);
                say(
                        socket,
                        "GET /v1.41/containers/"
                                + HostileBoard.WEB
                                + "/top HTTP/1.1\r\nHost: x\r\n\r\n");
                byte[] begin = socket.getInputStream().readNBytes(12);
                bad +=
                        new String(begin, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 5")
                                ? 1
                                : 0;
            } catch (IOException e) {
                bad++;
            }
        }
        System.out.println("  told as an error or a broken answer: " + bad + " of " + count);
    }

    private void readers() throws Exception {
        AtomicLong[] read = new AtomicLong[4];
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < read.length; i++) {
            SSLSocket socket = open();
            sockets.add(socket);
            AtomicLong mine = read[i] = new AtomicLong();
            say(socket, LOGS);
            Thread.ofPlatform().daemon().start(() -> count(socket, mine));
        }
        TimeUnit.SECONDS.sleep(15);
        StringBuilder each = new StringBuilder();
        for (AtomicLong bytes : read) {
            each.append(' ').append(bytes.get() >> 20);
        }
        System.out.println("  MB read by each:" + each);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void count(Socket socket, AtomicLong bytes) {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = socket.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes.addAndGet(n);
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }
}
