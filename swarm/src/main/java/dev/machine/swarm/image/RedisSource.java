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
 * The table in Redis, as the tools of Multifarious write it: one hash {@code multifarious:NAME} for
 * each name, with one field for each architecture. The whole table is fetched when it is needed, at
 * most once a second. While Redis does not answer, the last table that was read is used, and nobody
 * waits. Mode and rules come from the file.
 */
final class RedisSource implements ImageSource {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSource.class);
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(1);

    /** How long callers wait for a fetch, counted from its start. */
    private static final Duration SILENCE_LIMIT = Duration.ofMillis(500);

    /** The limit for a whole fetch, however long or slow its answers are. */
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(3);

    private final ImageSource file;
    private final URI address;
    private final AtomicReference<@Nullable Fetch> running = new AtomicReference<>();
    private volatile State state = new State(Map.of(), null, 0, true);
    private volatile Merged merged;

    /**
     * @param done completed when the table has been read, or the fetch has failed
     */
    private record Fetch(CompletableFuture<@Nullable Void> done, long begin) {}

    private record State(
            Map<String, Map<String, String>> table,
            @Nullable String error,
            long at,
            boolean first) {}

    /** Kept because many creates see the same file and the same table. */
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
        if (!before.first && System.nanoTime() - before.at < REFRESH_INTERVAL.toNanos()) {
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
            fetch.done.get(Math.max(0, SILENCE_LIMIT.toNanos() - waited), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The last table that was read is used.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(Fetch fetch) {
        RedisTable redis = new RedisTable(address, SILENCE_LIMIT);
        CompletableFuture<Map<String, Map<String, String>>> loading = new CompletableFuture<>();
        CompletableFuture<?> done =
                loading.orTimeout(FETCH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .handle(
                                (table, fault) -> {
                                    redis.close();
                                    finish(table, fault);
                                    return fetch.done.complete(null);
                                });
        Thread.ofVirtual().name("image-table").start(() -> load(redis, loading, done));
    }

    private void load(
            RedisTable redis,
            CompletableFuture<Map<String, Map<String, String>>> loading,
            CompletableFuture<?> done) {
        try {
            loading.complete(redis.load());
        } catch (Throwable e) {
            // The library fails with a cast error if Redis answers with a value of another type.
            loading.completeExceptionally(e);
        } finally {
            done.join();
            running.set(null);
        }
    }

    private void finish(
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
            LOG.warn("{}; the last {} names stay in use", error, before.table.size());
        }
        state = new State(before.table, error, System.nanoTime(), false);
    }

    private static String words(@Nullable Throwable fault) {
        if (fault instanceof TimeoutException) {
            return "it has not answered within " + FETCH_LIMIT.toSeconds() + " s";
        }
        Throwable cause = fault;
        while (cause instanceof JedisException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SocketTimeoutException) {
            return "it did not answer for " + SILENCE_LIMIT.toMillis() + " ms";
        }
        if (cause instanceof UnknownHostException) {
            return "its host name is unknown";
        }
        String said = cause == null ? null : cause.getMessage();
        if (said == null || !(cause instanceof JedisException || cause instanceof IOException)) {
            return "its answer is not that of a Redis"
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
