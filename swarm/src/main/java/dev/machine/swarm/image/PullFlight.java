package dev.machine.swarm.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.JsonEntries;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.image.Pulls.PullFailed;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pull on one engine, shared by all callers that want its image (a "singleflight": the first
 * caller starts it, later ones wait for the same result).
 */
final class PullFlight {
    private final EngineCache engine;
    private final String image;
    private final Deadlines deadlines;
    private final Duration silence;
    private final Cancellation call = new Cancellation();
    private final AtomicBoolean late = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int waiting;
    private boolean started;
    private boolean begun;
    private boolean over;
    private @Nullable PullFailed failure;

    /** Called when the pull is over, before the waiting callers go on. */
    interface Ended {
        void with(boolean good);
    }

    PullFlight(EngineCache engine, String image, Deadlines deadlines, Duration silence) {
        this.engine = engine;
        this.image = image;
        this.deadlines = deadlines;
        this.silence = silence;
    }

    /** Joins the pull; false if it is over already. */
    boolean board() {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            waiting++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        boolean last;
        lock.lock();
        try {
            last = --waiting == 0 && !over;
            over |= last;
        } finally {
            lock.unlock();
        }
        if (last) {
            call.cancel();
        }
    }

    /** The client of some caller has gone; every caller checks whether it was its own. */
    void left() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void await(Cancellation client, Runnable onBegin) throws PullFailed {
        if (await(client, () -> begun)) {
            onBegin.run();
        }
        await(client, () -> false);
        lock.lock();
        try {
            if (failure != null) {
                throw new PullFailed(
                        String.valueOf(failure.getMessage()), failure.refused(), failure.status());
            }
            if (!over) {
                throw new PullFailed("the client has gone", false);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the condition holds, the pull is over, or the client has gone; returns whether
     * the condition holds.
     */
    private boolean await(Cancellation client, BooleanSupplier until) throws PullFailed {
        lock.lock();
        try {
            while (!over && !client.cancelled() && !until.getAsBoolean()) {
                changed.await();
            }
            return until.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PullFailed("the pull was interrupted", false);
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        lock.lock();
        try {
            begun = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Starts the pull; only the first call has an effect. */
    void start(@Nullable Platform platform, @Nullable String auth, Ended ended) {
        lock.lock();
        try {
            if (started) {
                return;
            }
            started = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual()
                .name("pull-" + engine.name())
                .start(
                        () -> {
                            PullFailed result = new PullFailed(broken("an error"), false);
                            try {
                                result = fly(platform, auth);
                                engine.invalidateImages();
                            } finally {
                                // Even after an unexpected error nobody may wait for ever.
                                ended.with(result == null);
                                land(result);
                            }
                        });
    }

    private void land(@Nullable PullFailed result) {
        lock.lock();
        try {
            over = true;
            failure = result;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable PullFailed fly(@Nullable Platform platform, @Nullable String auth) {
        EngineRequest request =
                new EngineRequest(
                        "POST",
                        engine.path("/images/create?" + query(platform)),
                        auth == null ? Headers.NONE : Headers.of("X-Registry-Auth", auth),
                        RequestBody.none(),
                        call);
        try (Watch watch = new Watch();
                EngineReply reply = engine.client().send(request)) {
            if (reply.status() != 200) {
                return refusal(reply);
            }
            begin();
            return progress(reply, watch);
        } catch (IOException | RuntimeException | Error e) {
            return new PullFailed(
                    late.get()
                            ? "the pull of "
                                    + image
                                    + " made no progress for "
                                    + silence.toSeconds()
                                    + " s"
                            : broken(String.valueOf(e.getMessage())),
                    false);
        }
    }

    private String broken(String reason) {
        return "the pull of " + image + " broke off: " + reason;
    }

    private String query(@Nullable Platform platform) {
        ImageName name = ImageName.parse(image);
        String repository = name == null ? image : name.repository();
        String tag =
                name == null
                        ? ""
                        : "&tag="
                                + encoded(
                                        name.digest() == null ? name.tagOrLatest() : name.digest());
        return "fromImage="
                + encoded(repository)
                + tag
                + (platform == null ? "" : "&platform=" + encoded(platform.toString()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static @Nullable PullFailed progress(EngineReply reply, Watch watch)
            throws IOException {
        JsonEntries lines = JsonEntries.stream(reply.body());
        for (byte[] raw = lines.next(); raw != null; raw = lines.next()) {
            watch.progress();
            JsonNode line = LimitedJson.tree(raw);
            String error =
                    line.path("errorDetail").path("message").asText(line.path("error").asText(""));
            if (!error.isEmpty()) {
                return new PullFailed(error, RegistryErrors.refused(error));
            }
        }
        return null;
    }

    private static PullFailed refusal(EngineReply reply) throws IOException {
        String message = LimitedJson.message(reply.body().readNBytes(64 * 1024));
        int status = reply.status();
        boolean none = status == 401 || status == 403 || status == 404;
        return new PullFailed(message, none || RegistryErrors.refused(message), status);
    }

    /** Cancels the call when it has made no progress for too long. */
    private final class Watch implements AutoCloseable {
        private Deadlines.Alarm alarm = deadlines.after(silence, this::end);
        private long set = System.nanoTime();

        // An engine writes many lines a second, so the alarm is not set again for every line.
        void progress() {
            long now = System.nanoTime();
            if (now - set > silence.toNanos() / 20) {
                alarm.close();
                alarm = deadlines.after(silence, this::end);
                set = now;
            }
        }

        private void end() {
            late.set(true);
            call.cancel();
        }

        @Override
        public void close() {
            alarm.close();
        }
    }
}
