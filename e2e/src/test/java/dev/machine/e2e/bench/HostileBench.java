package dev.machine.e2e.bench;

import dev.machine.cli.command.swarm.SwarmManageCommand;
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
    private final InetSocketAddress address;
    private final ConcurrentLinkedQueue<Socket> crowd = new ConcurrentLinkedQueue<>();
    private final WellBehaved good;

    private HostileBench(Rig rig) {
        this.rig = rig;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port());
        this.good = new WellBehaved(address, rig.clientTls());
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
        good.start();
        TimeUnit.SECONDS.sleep(5);
        System.out.printf("%-58s %9s %9s %7s %7s%n", "", "served in", "RSS MB", "threads", "files");
        part("at rest", () -> TimeUnit.SECONDS.sleep(3));
        part("31 000 connections that say nothing", () -> connects(31_000));
        part("2000 idle clients", () -> clients(2000, ""));
        part("and 500 that send a byte a second", () -> slow(500));
        part("and 200 that ask for logs and do not read them", () -> clients(200, LOGS));
        part("and " + Nonsense.requests().size() + " malformed requests", this::malformed);
        part("and " + Nonsense.answers().size() + " answers that are nonsense", this::answers);
        String fast = "4 that read logs at full speed for 15 s";
        double fair = part(fast, this::readers);
        Part leave =
                () -> {
                    for (Socket socket : crowd) {
                        socket.close();
                    }
                    TimeUnit.SECONDS.sleep(15);
                };
        part("all have left, 15 s later", leave);
        long peak = Proc.peak(rig.endpoint());
        rig.restartWith(
                SwarmManageCommand.CARRIERS, "-Djdk.virtualThreadScheduler.parallelism=2", 3);
        TimeUnit.SECONDS.sleep(5);
        double unfair = part(fast + ", were there 2 carriers", this::readers);
        System.out.printf("2 carriers to 16: %.1f times the longest wait%n", unfair / fair);
        good.stop();
        System.out.printf(
                "largest RSS %d MB (at most %d: %s)%n",
                peak, MOST_MEMORY, peak <= MOST_MEMORY ? "ok" : "TOO MUCH");
    }

    /** Returns the longest wait of the well-behaved client, in ms. */
    private double part(String name, Part part) throws Exception {
        good.clear();
        part.run();
        WellBehaved.Try worst = good.worst();
        long pid = rig.endpoint();
        System.out.printf(
                "%-58s %6.0f ms %9d %7d %7d  %s%s%n",
                name,
                worst.done(),
                Proc.rss(pid),
                Proc.threads(pid),
                Proc.files(pid),
                good,
                worst.done() <= SERVED_WITHIN && good.failures() == 0 ? "" : "  TOO LATE");
        return worst.done();
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
                                SSLSocket socket = good.open();
                                crowd.add(socket);
                                WellBehaved.say(socket, words);
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
                    WellBehaved.say(socket, "GET /_ping HTTP/1.1".substring(second, second + 1));
                } catch (IOException e) {
                    // Cut off: it took too long.
                }
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void malformed() throws Exception {
        int answered = 0;
        List<String> requests = Nonsense.requests();
        for (String request : requests) {
            try (SSLSocket socket = good.open()) {
                socket.setSoTimeout(1000);
                WellBehaved.say(socket, request);
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
            try (SSLSocket socket = good.open()) {
                socket.setSoTimeout(10_000);
                WellBehaved.say(
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
            SSLSocket socket = good.open();
            sockets.add(socket);
            AtomicLong mine = read[i] = new AtomicLong();
            WellBehaved.say(socket, LOGS);
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
