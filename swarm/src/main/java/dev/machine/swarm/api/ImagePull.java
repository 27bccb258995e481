package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineMirror;
import dev.machine.swarm.engine.EngineState;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.ImageResolver;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.image.Platform;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code docker pull}: every node pulls what the name means there, all side by side, with the lines
 * of Docker Swarm 0.2. A node that there is no image for is skipped; one that should have had it
 * and has not makes the pull fail.
 */
final class ImagePull {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePull.class);

    private final Cluster cluster;
    private final ImageResolver resolver;
    private final Pulls pulls;

    ImagePull(Cluster cluster, ImageResolver resolver, Pulls pulls) {
        this.cluster = cluster;
        this.resolver = resolver;
        this.pulls = pulls;
    }

    /** What one client wants on all nodes. */
    private record Wish(
            Call call, ImageName name, @Nullable Platform platform, @Nullable String auth) {}

    Response pull(Call call) {
        String from = call.target().parameter("fromImage");
        if (from == null || from.isEmpty()) {
            throw new HttpProblem(
                    501,
                    "this endpoint does not import images; use a node directly:"
                            + " docker $(machine config NODE) import …");
        }
        ImageName name = ImageName.parse(from);
        if (name == null) {
            throw new HttpProblem(400, "invalid reference format: " + from);
        }
        String tag = call.target().parameter("tag");
        String platform = call.target().parameter("platform");
        Wish wish =
                new Wish(
                        call,
                        tag == null || tag.isEmpty() ? name : name.at(tag),
                        platform == null || platform.isEmpty() ? null : Platform.parse(platform),
                        call.request().headers().first("X-Registry-Auth"));
        return new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                new Response.Live(out -> pull(wish, new ProgressLines(out))));
    }

    private void pull(Wish wish, ProgressLines lines) throws IOException {
        ImagePlan plan = resolver.plan(wish.name.familiar(), wish.platform);
        List<String> failures = new ArrayList<>();
        int used = 0;
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable String>> running = new ArrayList<>();
            for (EngineMirror engine : List.copyOf(cluster.engines())) {
                ImageNode node = SwarmImages.node(engine);
                if (!engine.status().healthy() || node == null) {
                    skipped(lines, wish, engine, "the node does not answer");
                    continue;
                }
                switch (plan.on(node)) {
                    case ImageChoice.Refuse no -> skipped(lines, wish, engine, no.reason());
                    case ImageChoice.Use use -> {
                        lines.status(engine.name(), pulling(wish));
                        running.add(workers.submit(() -> pull(wish, engine, use, lines)));
                    }
                }
            }
            used = running.size();
            for (Future<@Nullable String> pull : running) {
                String failure = await(pull);
                if (failure != null) {
                    failures.add(failure);
                }
            }
        }
        if (used == 0) {
            lines.error(wish.name.shown() + ": there is no node that could pull it");
        } else if (!failures.isEmpty()) {
            lines.error(String.join("\n", failures));
        }
        lines.end();
    }

    private static @Nullable String await(Future<@Nullable String> pull) {
        try {
            return pull.get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static void skipped(ProgressLines lines, Wish wish, EngineMirror engine, String why) {
        lines.status(engine.name(), pulling(wish) + " : skipped, " + why);
    }

    private static String pulling(Wish wish) {
        return "Pulling " + wish.name.familiar() + "...";
    }

    private @Nullable String pull(
            Wish wish, EngineMirror engine, ImageChoice.Use use, ProgressLines lines) {
        LOG.info(
                "node {} pulls {} for {}: {}",
                engine.name(),
                use.image(),
                wish.name.familiar(),
                use.why());
        try {
            pulls.pull(
                    new Pulls.Order(
                            engine, use.image(), wish.platform, wish.auth, System.nanoTime()),
                    wish.call.request().cancellation());
            lines.status(engine.name(), pulling(wish) + " : downloaded");
            return null;
        } catch (PullFailed e) {
            if (engine.status().state() == EngineState.DISCONNECTED) {
                skipped(lines, wish, engine, "the node has left the swarm");
                return null;
            }
            lines.status(engine.name(), pulling(wish) + " : " + e.getMessage());
            return engine.name() + ": " + e.getMessage();
        }
    }
}
