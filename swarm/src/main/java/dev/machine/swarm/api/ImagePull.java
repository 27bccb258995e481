package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineState;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.ImageResolver;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code docker pull}: all nodes pull at the same time, each the image that the name means there.
 * The output has the lines of Docker Swarm 0.2. A node that the image is not built for is skipped;
 * if another node fails, so does the pull.
 */
final class ImagePull {
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ImagePull.class);

    private static final int NOT_FOUND = 404;
    private static final int ERROR = 500;

    private final Cluster cluster;
    private final ImageResolver resolver;
    private final Pulls pulls;

    ImagePull(Cluster cluster, ImageResolver resolver, Pulls pulls) {
        this.cluster = cluster;
        this.resolver = resolver;
        this.pulls = pulls;
    }

    /** One client's request for all nodes. */
    private record PullRequest(
            Call call, ImageName name, @Nullable Platform platform, @Nullable String auth) {}

    Response pull(Call call) throws IOException {
        String from = call.target().parameter("fromImage");
        if (from == null || from.isEmpty()) {
            throw new HttpProblem(
                    501,
                    "this endpoint does not import images; use a node directly:"
                            + " docker $(machine config NODE) import …");
        }
        // Only an import has a body, of any size; the body of a pull is dropped.
        call.request().body().drop(Route.MAX_BODY_BYTES);
        ImageName name = ImageName.parse(from);
        if (name == null) {
            throw new HttpProblem(400, "invalid reference format: " + from);
        }
        String tag = call.target().parameter("tag");
        String platform = call.target().parameter("platform");
        PullRequest request =
                new PullRequest(
                        call,
                        tag == null || tag.isEmpty() ? name : name.at(tag),
                        platform == null || platform.isEmpty() ? null : Platform.parse(platform),
                        call.request().headers().first("X-Registry-Auth"));
        return new Running(request, resolver.plan(request.name.familiar(), request.platform))
                .answer();
    }

    /**
     * One pull on all nodes. The head of the answer waits until the first engine has begun. If none
     * begins, the answer has the status of the failure, as that of an engine would, for clients
     * that look only at the status. The head waits at most {@link #HEAD_TIMEOUT}; then the client
     * is shown which nodes are pulling, and which have failed.
     */
    private final class Running {
        private final PullRequest request;
        private final ProgressLines lines = new ProgressLines();
        private final CountDownLatch known = new CountDownLatch(1);
        private final AtomicBoolean begun = new AtomicBoolean();
        private final AtomicInteger left;
        private final List<Future<@Nullable PullFailed>> tasks = new ArrayList<>();
        private final List<String> nodes = new ArrayList<>();
        private final List<String> skipped = Collections.synchronizedList(new ArrayList<>());
        private boolean refused;

        Running(PullRequest request, ImagePlan plan) {
            this.request = request;
            List<Callable<@Nullable PullFailed>> work = new ArrayList<>();
            for (EngineCache engine : List.copyOf(cluster.engines())) {
                ImageNode node = SwarmImages.node(engine);
                if (!engine.status().healthy() || node == null) {
                    skip(engine, "the node does not answer");
                    continue;
                }
                switch (plan.on(node)) {
                    case ImageChoice.Refuse no -> {
                        refused = true;
                        skip(engine, no.reason());
                    }
                    case ImageChoice.Use use -> {
                        lines.status(engine.name(), pulling(request));
                        nodes.add(engine.name());
                        work.add(() -> pull(engine, use));
                    }
                }
            }
            left = new AtomicInteger(work.size());
            for (Callable<@Nullable PullFailed> one : work) {
                FutureTask<@Nullable PullFailed> task = new FutureTask<>(one);
                tasks.add(task);
                Thread.ofVirtual().name("pull-for-client").start(task);
            }
        }

        Response answer() {
            if (tasks.isEmpty()) {
                String none = request.name.shown() + ": no node can pull it";
                return Response.problem(
                        refused ? NOT_FOUND : ERROR,
                        skipped.isEmpty() ? none : none + "\n" + String.join("\n", skipped));
            }
            boolean decided;
            try {
                decided = known.await(HEAD_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HttpProblem(503, "the endpoint is stopping");
            }
            if (decided && !begun.get()) {
                return Response.problem(commonest(), String.join("\n", failures()));
            }
            return new Response(
                    200,
                    Headers.of("Content-Type", "application/json"),
                    new Response.Live(
                            out -> {
                                lines.open(out);
                                List<String> failures = failures();
                                if (!failures.isEmpty()) {
                                    lines.error(String.join("\n", failures));
                                }
                                lines.end();
                            }));
        }

        private void begin() {
            begun.set(true);
            known.countDown();
        }

        private @Nullable PullFailed pull(EngineCache engine, ImageChoice.Use use) {
            LOG.info(
                    "node {} pulls {} for {}: {}",
                    engine.name(),
                    use.image(),
                    request.name.familiar(),
                    use.why());
            try {
                pulls.pull(
                        new Pulls.Order(
                                engine,
                                use.image(),
                                request.platform,
                                request.auth,
                                System.nanoTime()),
                        request.call.request().cancellation(),
                        this::begin);
                lines.status(engine.name(), pulling(request) + " : downloaded");
                begin();
                return null;
            } catch (PullFailed e) {
                if (engine.status().state() == EngineState.DISCONNECTED) {
                    skip(engine, "the node has left the swarm");
                    begin();
                    return null;
                }
                lines.status(engine.name(), pulling(request) + " : " + e.getMessage());
                return e;
            } finally {
                if (left.decrementAndGet() == 0) {
                    known.countDown();
                }
            }
        }

        /** Waits for all nodes; returns the failures, each with the node's name. */
        private List<String> failures() {
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                PullFailed failure = failure(tasks.get(i));
                if (failure != null) {
                    failures.add(nodes.get(i) + ": " + failure.getMessage());
                }
            }
            return failures;
        }

        /** The most common status of the failures; the first one if several are equally common. */
        private int commonest() {
            Map<Integer, Integer> counts = new LinkedHashMap<>();
            for (Future<@Nullable PullFailed> pull : tasks) {
                PullFailed failure = failure(pull);
                if (failure != null) {
                    counts.merge(failure.status(), 1, Integer::sum);
                }
            }
            int most = Collections.max(counts.values());
            return counts.entrySet().stream()
                    .filter(count -> count.getValue() == most)
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .orElse(ERROR);
        }

        private void skip(EngineCache engine, String why) {
            lines.status(engine.name(), pulling(request) + " : skipped, " + why);
            skipped.add(why.contains(engine.name()) ? why : engine.name() + ": " + why);
        }
    }

    private static @Nullable PullFailed failure(Future<@Nullable PullFailed> pull) {
        try {
            return pull.get();
        } catch (ExecutionException e) {
            return new PullFailed(String.valueOf(e.getCause()), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PullFailed("interrupted", false);
        }
    }

    private static String pulling(PullRequest request) {
        return "Pulling " + request.name.familiar() + "...";
    }
}
