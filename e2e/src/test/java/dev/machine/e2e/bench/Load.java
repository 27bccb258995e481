package dev.machine.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.Pem;
import dev.machine.swarm.testing.load.HttpMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Clients in a process of their own. Arguments: CA, certificate and key to show. Each line of its
 * input is an {@link Order} as JSON and is answered by a {@link Result} as JSON.
 */
public final class Load {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SSLContext tls;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();

    /**
     * What to do.
     *
     * @param work {@code create} (create and start), or a path to GET again and again; {@code
     *     CONTAINER} in it stands for one container's id, which the first target was asked to make
     * @param ports of the loopback; the next call goes to the next of them
     * @param tls whether TLS is spoken there
     * @param clients at once
     * @param count that many at most
     * @param millis nothing new is begun later
     * @param name of the containers; empty: the engine's choice
     * @param body of the create; {@code #} in it stands for the number of the call
     */
    record Order(
            String work,
            List<Integer> ports,
            boolean tls,
            int clients,
            int count,
            long millis,
            String name,
            String body) {
        static Order create(Endpointed to, int clients, int count, Duration most) {
            return new Order(
                    "create", to.ports(), to.tls(), clients, count, most.toMillis(), "", Rig.BODY);
        }

        static Order get(Endpointed to, String path, int count) {
            return new Order(path, to.ports(), to.tls(), 1, count, 20_000, "", "");
        }

        Order named(String fixed) {
            return new Order(work, ports, tls, clients, count, millis, fixed, body);
        }

        Order with(String other) {
            return new Order(work, ports, tls, clients, count, millis, name, other);
        }
    }

    /** Where calls go. */
    record Endpointed(List<Integer> ports, boolean tls) {}

    /**
     * What came of it: how many were done and how many refused or failed, by the message that was
     * given; the time of all in s; of one in ms.
     */
    record Result(
            int done,
            int failed,
            Map<String, Integer> errors,
            double seconds,
            double p50,
            double p99) {
        double rate() {
            return done / seconds;
        }
    }

    private Load(SSLContext tls) {
        this.tls = tls;
    }

    public static void main(String[] arguments) throws Exception {
        Load load =
                new Load(
                        Pem.context(
                                Path.of(arguments[0]),
                                Path.of(arguments[1]),
                                Path.of(arguments[2])));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Result result = load.run(JSON.readValue(line, Order.class));
            System.out.println(JSON.writeValueAsString(result));
        }
    }

    private Result run(Order order) throws Exception {
        List<Caller> targets = new ArrayList<>();
        for (int port : order.ports()) {
            targets.add(
                    callers.computeIfAbsent(
                            port + "/" + order.tls(),
                            key -> new Caller(port, order.tls() ? tls : null)));
        }
        Run run = new Run(order, targets);
        return run.all();
    }

    /** One order carried out. */
    private static final class Run {
        private final Order order;
        private final List<Caller> targets;
        private final AtomicInteger next = new AtomicInteger();
        private final ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> errors = new ConcurrentHashMap<>();
        private final CountDownLatch go = new CountDownLatch(1);
        private volatile long end;

        Run(Order order, List<Caller> targets) {
            this.order = order;
            this.targets = targets;
        }

        Result all() throws InterruptedException {
            long began;
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < order.clients(); i++) {
                    clients.submit(this::client);
                }
                began = System.nanoTime();
                end = began + Duration.ofMillis(order.millis()).toNanos();
                go.countDown();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
            int failed = errors.values().stream().mapToInt(Integer::intValue).sum();
            return new Result(
                    sorted.length,
                    failed,
                    new TreeMap<>(errors),
                    seconds,
                    part(sorted, 0.5),
                    part(sorted, 0.99));
        }

        private static double part(long[] sorted, double share) {
            return sorted.length == 0
                    ? 0
                    : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e6;
        }

        private @Nullable Void client() throws InterruptedException {
            go.await();
            int number = next.getAndIncrement();
            while (number < order.count() && System.nanoTime() < end) {
                long began = System.nanoTime();
                @Nullable String error = one(number);
                if (error == null) {
                    took.add(System.nanoTime() - began);
                } else {
                    errors.merge(error, 1, Integer::sum);
                }
                number = next.getAndIncrement();
            }
            return null;
        }

        /** Returns why it failed, or null. */
        private @Nullable String one(int number) {
            Caller target = targets.get(number % targets.size());
            try {
                if (!order.work().equals("create")) {
                    return wrong(target.call("GET", order.work(), ""), 200);
                }
                String query = order.name().isEmpty() ? "" : "?name=" + order.name();
                String body = order.body().replace("#", Integer.toString(number));
                HttpMessage made = target.call("POST", "/v1.41/containers/create" + query, body);
                if (!made.second().equals("201")) {
                    return wrong(made, 201);
                }
                String id = JSON.readTree(made.body()).path("Id").asText();
                return wrong(target.call("POST", "/v1.41/containers/" + id + "/start", ""), 204);
            } catch (IOException e) {
                return e.toString();
            }
        }

        private static @Nullable String wrong(HttpMessage answer, int status) throws IOException {
            if (answer.second().equals(Integer.toString(status))) {
                return null;
            }
            JsonNode message = JSON.readTree(answer.body()).path("message");
            String first = message.asText().lines().findFirst().orElse("");
            return answer.second() + " " + first.substring(0, Math.min(120, first.length()));
        }
    }
}
