package dev.machine.swarm.image;

import dev.machine.common.Printable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The table in Redis, as the tools of seed 000 write it: a hash {@code multifarious:NAME} with a
 * field an architecture. All of it is fetched at most once a second, when somebody asks; while
 * Redis is away the last that was seen serves on and nobody waits. Mode and rules are the file's.
 */
final class RedisSource implements ImageSource {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSource.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** How long those who ask wait for a fetch, counted from its begin. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** For all answers together, whether they are long, slow or without end. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final ImageSource file;
    private final URI address;
    private final AtomicReference<@Nullable Fetch> running = new AtomicReference<>();
    private volatile State state = new State(Map.of(), null, 0, true);
    private volatile Merged merged;

    /**
     * @param settled when the table is there, or given up
     */
    private record Fetch(CompletableFuture<@Nullable Void> settled, long begin) {}

    private record State(
            Map<String, Map<String, String>> table,
            @Nullable String error,
            long at,
            boolean first) {}

    /** Many creates see the same file and the same table. */
    private record Merged(
            ImageSettings file, Map<String, Map<String, String>> table, ImageSettings settings) {}

    RedisSource(ImageSource file, URI address) {
        this.file = file;
        this.address = address;
        this.merged = new Merged(ImageSettings.NONE, Map.of(), ImageSettings.NONE);
    }

    @Override
    public ImageSettings now() {
        refresh();
        ImageSettings base = file.now();
        Map<String, Map<String, String>> table = state.table;
        Merged last = merged;
        if (!last.file.equals(base) || !last.table.equals(table)) {
            last = new Merged(base, table, base.with(table));
            merged = last;
        }
        return last.settings;
    }

    private void refresh() {
        State before = state;
        if (!before.first && System.nanoTime() - before.at < FRESH.toNanos()) {
            return;
        }
        Fetch mine = new Fetch(new CompletableFuture<>(), System.nanoTime());
        Fetch fetch = running.compareAndExchange(null, mine);
        if (fetch == null) {
            fetch = mine;
            begin(mine);
        }
        if (before.error != null) {
            return;
        }
        long waited = System.nanoTime() - fetch.begin;
        try {
            fetch.settled.get(Math.max(0, PATIENCE.toNanos() - waited), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What was seen last serves on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(Fetch fetch) {
        RedisTable redis = new RedisTable(address, PATIENCE);
        CompletableFuture<Map<String, Map<String, String>>> loading = new CompletableFuture<>();
        CompletableFuture<?> settled =
                loading.orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                        .handle(
                                (table, fault) -> {
                                    redis.close();
                                    settle(table, fault);
                                    return fetch.settled.complete(null);
                                });
        Thread.ofVirtual().name("image-table").start(() -> load(redis, loading, settled));
    }

    private void load(
            RedisTable redis,
            CompletableFuture<Map<String, Map<String, String>>> loading,
            CompletableFuture<?> settled) {
        try {
            loading.complete(redis.load());
        } catch (Throwable e) {
            // Whatever a Redis answers: a value of another type is a cast that fails in the
            // library.
            loading.completeExceptionally(e);
        } finally {
            settled.join();
            running.set(null);
        }
    }

    private void settle(
            @Nullable Map<String, Map<String, String>> table, @Nullable Throwable fault) {
        State before = state;
        if (table != null) {
            if (before.error != null) {
                LOG.info("the image table in Redis is back, with {} names", table.size());
            }
            state = new State(table, null, System.nanoTime(), false);
            return;
        }
        String error =
                "the image table in Redis at "
                        + address.getAuthority()
                        + " cannot be read: "
                        + words(fault);
        if (before.error == null) {
            LOG.warn("{}; the {} names seen last serve on", error, before.table.size());
        }
        state = new State(before.table, error, System.nanoTime(), false);
    }

    private static String words(@Nullable Throwable fault) {
        if (fault instanceof TimeoutException) {
            return "it has not answered within " + LONGEST.toSeconds() + " s";
        }
        Throwable cause = fault;
        while (cause instanceof JedisException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SocketTimeoutException) {
            return "it said nothing for " + PATIENCE.toMillis() + " ms";
        }
        if (cause instanceof UnknownHostException) {
            return "this name has no address";
        }
        String said = cause == null ? null : cause.getMessage();
        if (said == null || !(cause instanceof JedisException || cause instanceof IOException)) {
            return "it answers what no Redis answers"
                    + (cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")");
        }
        return Printable.brief(said);
    }

    @Override
    public @Nullable String error() {
        refresh();
        return state.error != null ? state.error : file.error();
    }
}
