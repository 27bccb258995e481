package dev.machine.swarm.image;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The table in Redis, as the tools of seed 000 write it: a hash {@code multifarious:NAME} with a
 * field an architecture. All of it is fetched at most once a second, when somebody asks; while
 * Redis is away the last that was seen serves on and nobody waits. Mode and rules are the file's.
 */
final class RedisSource implements ImageSource {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSource.class);
    private static final String PREFIX = "multifarious:";
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Of all answers together: a scan without end is given up. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private static final int MOST_NAMES = 10_000;

    private final ImageSource file;
    private final URI address;
    private final AtomicReference<@Nullable CompletableFuture<Void>> flight =
            new AtomicReference<>();
    private volatile State state = new State(Map.of(), null, 0, true);

    private record State(
            Map<String, Map<String, String>> table,
            @Nullable String error,
            long at,
            boolean first) {}

    RedisSource(ImageSource file, URI address) {
        this.file = file;
        this.address = address;
    }

    @Override
    public ImageSettings now() {
        refresh();
        return file.now().with(state.table);
    }

    private void refresh() {
        State before = state;
        if (!before.first && System.nanoTime() - before.at < FRESH.toNanos()) {
            return;
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = flight.compareAndExchange(null, mine);
        if (running == null) {
            running = mine;
            Thread.ofVirtual().name("image-table").start(() -> fetch(mine));
        }
        if (before.error != null) {
            return;
        }
        try {
            running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What was seen last serves on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(CompletableFuture<Void> mine) {
        State before = state;
        try {
            Map<String, Map<String, String>> table = load();
            if (before.error != null) {
                LOG.info("the image table in Redis is back, with {} names", table.size());
            }
            state = new State(table, null, System.nanoTime(), false);
        } catch (RuntimeException | Error e) {
            // Whatever a Redis answers: values of other types are casts that fail in the library.
            String error =
                    "the image table in Redis at "
                            + address.getAuthority()
                            + " cannot be read: "
                            + (e instanceof JedisException ? e.getMessage() : e.toString());
            if (before.error == null) {
                LOG.warn("{}; the {} names seen last serve on", error, before.table.size());
            }
            state = new State(before.table, error, System.nanoTime(), false);
        } finally {
            flight.set(null);
            mine.complete(null);
        }
    }

    private Map<String, Map<String, String>> load() {
        int time = Math.toIntExact(PATIENCE.toMillis());
        int port = address.getPort() < 0 ? 6379 : address.getPort();
        try (Jedis redis = new Jedis(address.getHost(), port, time, time)) {
            return load(redis);
        }
    }

    private Map<String, Map<String, String>> load(Jedis redis) {
        long begin = System.nanoTime();
        String path = address.getPath();
        if (path.length() > 1) {
            redis.select(Integer.parseInt(path.substring(1)));
        }
        Map<String, Map<String, String>> table = new HashMap<>();
        ScanParams wanted = new ScanParams().match(PREFIX + "*").count(1000);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, wanted, "hash");
            cursor = page.getCursor();
            add(redis, page.getResult(), table);
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new JedisException(
                        "it has not answered within " + LONGEST.toSeconds() + " s");
            }
            if (table.size() > MOST_NAMES) {
                throw new JedisException("it has more than " + MOST_NAMES + " names");
            }
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return table;
    }

    private static void add(
            Jedis redis, List<String> keys, Map<String, Map<String, String>> table) {
        try (var pipeline = redis.pipelined()) {
            Map<String, redis.clients.jedis.Response<Map<String, String>>> answers =
                    new HashMap<>();
            keys.forEach(key -> answers.put(key, pipeline.hgetAll(key)));
            pipeline.sync();
            answers.forEach(
                    (key, answer) -> {
                        if (!key.startsWith(PREFIX)) {
                            throw new JedisException("it answers with a name that was not asked");
                        }
                        if (!answer.get().isEmpty()) {
                            table.put(key.substring(PREFIX.length()), Map.copyOf(answer.get()));
                        }
                    });
        }
    }

    @Override
    public @Nullable String error() {
        refresh();
        return state.error != null ? state.error : file.error();
    }
}
