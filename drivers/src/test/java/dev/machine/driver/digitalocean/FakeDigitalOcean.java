package dev.machine.driver.digitalocean;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * DigitalOcean's API v2 as far as a driver can see it: one account with its keys, droplets and
 * tags, what is offered, the limit of requests a minute, and a log of every request. Faults are
 * asked for by {@link #fault}. What a droplet's power does is somebody else's business ({@link
 * Cloud}).
 */
public final class FakeDigitalOcean implements AutoCloseable {
    private static final int PER_MINUTE = 250;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InstantSource clock;
    private final String token;
    private final FakeAccount account;
    private final List<Request> log = new CopyOnWriteArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Deque<Instant> lately = new ArrayDeque<>();
    private final List<Consumer<Request>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Where droplets come from. */
    public interface Cloud {
        /**
         * Makes a machine as its droplet says ({@code order} is what it was asked for by), and says
         * its address as soon as it has one; asked again and again until then.
         */
        Optional<String> boot(JsonObject droplet);

        void power(JsonObject droplet, String action);

        void remove(JsonObject droplet);
    }

    /** One request, as it came in and as it was answered; 0 when it was not. */
    public record Request(Instant at, String method, String path, String body, int status) {
        public String line() {
            return method + " " + path + " " + status;
        }
    }

    /** What goes wrong, and how often. */
    private static final class Fault {
        private final String method;
        private final String path;
        private final String word;
        private final Kind kind;
        private int times;

        Fault(String method, String path, String word, Kind kind, int times) {
            this.method = method;
            this.path = path;
            this.word = word;
            this.kind = kind;
            this.times = times;
        }
    }

    /** How a request goes wrong. */
    public sealed interface Kind {
        /** Answered so, and nothing is done. */
        record Answer(int status, String retryAfter) implements Kind {}

        /** Done, and the connection is closed without a word. */
        record Lost() implements Kind {}

        /** Done, and nothing is ever said. */
        record DoneAndHang() implements Kind {}

        /** Done, and answered so. */
        record DoneBut(int status) implements Kind {}

        /** Nothing is done and nothing is ever said. */
        record Hang() implements Kind {}

        /** Answered by a list of droplets that has nothing yet. */
        record Empty() implements Kind {}

        /** Answered by something that is not the API. */
        record Page() implements Kind {}
    }

    public FakeDigitalOcean(
            InetSocketAddress address, String token, InstantSource clock, Cloud cloud) {
        this.token = token;
        this.clock = clock;
        this.account = new FakeAccount(cloud);
        try {
            server = HttpServer.create(address, 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next so many requests of this method to this beginning of a path go wrong. */
    public void fault(String method, String path, Kind kind, int times) {
        fault(method, path, "", kind, times);
    }

    /** The same of requests whose body contains a text. */
    public void fault(String method, String path, String word, Kind kind, int times) {
        synchronized (faults) {
            faults.add(new Fault(method, path, word, kind, times));
        }
    }

    /** How often a new droplet is looked at before it has an address. */
    public void addressAfterLooks(int looks) {
        account.looksUntilAddress = looks;
    }

    /** Is told of each request, too. */
    public void listen(Consumer<Request> listener) {
        listeners.add(listener);
    }

    public FakeAccount account() {
        return account;
    }

    public List<Request> log() {
        return List.copyOf(log);
    }

    /** Method, path and status of each request. */
    public List<String> lines() {
        return log.stream().map(Request::line).toList();
    }

    /** How many requests began so. */
    public long count(String beginning) {
        return lines().stream().filter(line -> line.startsWith(beginning)).count();
    }

    /** Bodies of requests, the newest last. */
    public List<JsonObject> bodies(String method, String path) {
        return log.stream()
                .filter(it -> it.method().equals(method) && it.path().equals(path))
                .map(it -> JsonParser.parseString(it.body()).getAsJsonObject())
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        Optional<Kind> fault = due(method, path, body);
        try (exchange) {
            switch (fault.orElse(null)) {
                case Kind.Answer answer -> {
                    exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
                    send(exchange, body, answer.status(), FakeAccount.error("asked for"));
                }
                case Kind.Hang hang -> {
                    note(method, path, body, 0);
                    closed.await();
                }
                case Kind.Lost lost -> {
                    answer(exchange, method, path, body);
                    note(method, path, body, 0);
                }
                case Kind.DoneAndHang hang -> {
                    answer(exchange, method, path, body);
                    note(method, path, body, 0);
                    closed.await();
                }
                case Kind.DoneBut but -> {
                    answer(exchange, method, path, body);
                    send(exchange, body, but.status(), FakeAccount.error("asked for"));
                }
                case Kind.Empty empty ->
                        send(exchange, body, 200, list("droplets", List.of()).toString());
                case Kind.Page page -> send(exchange, body, 200, "<html>hello</html>");
                case null -> {
                    FakeAccount.Reply reply = answer(exchange, method, path, body);
                    send(exchange, body, reply.status(), reply.body());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FakeAccount.Reply answer(
            HttpExchange exchange, String method, String path, String body) {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new FakeAccount.Reply(401, FakeAccount.error("Unable to authenticate you"));
        }
        if (tooMany()) {
            exchange.getResponseHeaders().set("Retry-After", "20");
            return new FakeAccount.Reply(429, FakeAccount.error("API Rate limit exceeded."));
        }
        exchange.getResponseHeaders().set("RateLimit-Limit", "5000");
        exchange.getResponseHeaders().set("RateLimit-Remaining", "4816");
        exchange.getResponseHeaders().set("RateLimit-Reset", "1450374770");
        return account.answer(method, path, body);
    }

    private boolean tooMany() {
        synchronized (lately) {
            Instant now = clock.instant();
            while (!lately.isEmpty()
                    && lately.peekFirst().isBefore(now.minus(Duration.ofMinutes(1)))) {
                lately.removeFirst();
            }
            lately.addLast(now);
            return lately.size() > PER_MINUTE;
        }
    }

    private Optional<Kind> due(String method, String path, String body) {
        synchronized (faults) {
            for (Fault fault : faults) {
                if (fault.times > 0
                        && fault.method.equals(method)
                        && path.startsWith(fault.path)
                        && body.contains(fault.word)) {
                    fault.times--;
                    return Optional.of(fault.kind);
                }
            }
        }
        return Optional.empty();
    }

    private void send(HttpExchange exchange, String body, int status, String answer)
            throws IOException {
        note(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, status);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void note(String method, String path, String body, int status) {
        Request request = new Request(clock.instant(), method, path, body, status);
        log.add(request);
        listeners.forEach(listener -> listener.accept(request));
    }

    /** An object with one array, as every list of the API is. */
    static JsonObject list(String name, List<? extends JsonElement> elements) {
        JsonArray array = new JsonArray();
        elements.forEach(array::add);
        JsonObject list = new JsonObject();
        list.add(name, array);
        list.add("links", new JsonObject());
        JsonObject meta = new JsonObject();
        meta.addProperty("total", elements.size());
        list.add("meta", meta);
        return list;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }
}
