package dev.machine.swarm.create;

import dev.machine.common.MachineException;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.schedule.EngineNode;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.Placement;
import dev.machine.swarm.schedule.PlacementRequest;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.SchedulingException;
import dev.machine.swarm.volume.ContainerVolumes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the best node's engine to create a container, then other nodes if that one cannot. */
final class CreateLoop {
    private static final int MIN_TRIES = 3;
    private static final int TOO_MANY_REQUESTS = 429;

    /** What an engine says of a bind of a path that it does not have (moby, daemon/volumes). */
    private static final String MISSING_PATH = "bind source path does not exist";

    private final Cluster cluster;
    private final Scheduler scheduler;
    private final NetworkMaker networks;
    private final Pulls pulls;
    private final ContainerVolumes volumes;
    private final int maxTries;

    /**
     * A loop for all creates of a swarm.
     *
     * @param retries how often a create that failed is tried on another node beyond what is tried
     *     anyway
     */
    CreateLoop(
            Cluster cluster,
            Scheduler scheduler,
            NetworkMaker networks,
            ContainerVolumes volumes,
            Pulls pulls,
            int retries) {
        this.cluster = cluster;
        this.scheduler = scheduler;
        this.networks = networks;
        this.pulls = pulls;
        this.volumes = volumes;
        this.maxTries = MIN_TRIES + retries;
    }

    /**
     * Creates one container and returns the answer to the client. The name and the reservation are
     * held until the outcome is known; the client may have to be told earlier that it is not.
     *
     * @param name released when the container has it, or will not get it
     */
    Response run(CreateSpec spec, PlacementRequest request, NameClaim name, CreatedAnswer answer) {
        return new Run(spec, request, name, answer).answer();
    }

    /** What one try came to. */
    private sealed interface Verdict {
        /** The client gets its answer. */
        record Done(Response answer) implements Verdict {}

        /**
         * Another node is tried.
         *
         * @param failure the answer if there is no other node
         */
        record NextNode(Response failure) implements Verdict {}
    }

    private final class Run {
        private final CreateSpec spec;
        private final NameClaim name;
        private final CreatedAnswer created;
        private final Map<String, String> tried = new LinkedHashMap<>();
        private PlacementRequest request;
        private boolean outcomeKnown = true;
        private int tries;

        private Run(
                CreateSpec spec, PlacementRequest request, NameClaim name, CreatedAnswer created) {
            this.spec = spec;
            this.request = request;
            this.name = name;
            this.created = created;
        }

        private Response answer() {
            try {
                Response failure = Response.problem(500, "no node created the container");
                while (tries < maxTries && !clientHasGone()) {
                    Placement placement;
                    try {
                        placement = place();
                    } catch (MachineException e) {
                        if (tried.isEmpty()) {
                            throw e;
                        }
                        // What the last node said tells more than that no other is left.
                        return failure;
                    }
                    switch (on(placement)) {
                        case Verdict.Done(Response answer) -> {
                            return answer;
                        }
                        case Verdict.NextNode(Response reason) -> failure = reason;
                    }
                }
                return failure;
            } finally {
                if (outcomeKnown) {
                    name.close();
                }
            }
        }

        /** A volume that may be moved binds the container unless it fits nowhere else. */
        private Placement place() {
            try {
                return scheduler.place(request, tried);
            } catch (SchedulingException e) {
                request = volumes.unbound(request).orElseThrow(() -> e);
                return scheduler.place(request, tried);
            }
        }

        private boolean clientHasGone() {
            return spec.call().request().cancellation().cancelled();
        }

        private Verdict on(Placement placement) {
            EngineNode node = (EngineNode) placement.node();
            try {
                CreateOutcome outcome =
                        new CreateAttempt(spec, request, placement.image(), node)
                                .run(networks, volumes, pulls);
                // A request that was not sent costs nothing, so it does not count as a try.
                tries += outcome instanceof CreateOutcome.NotSent ? 0 : 1;
                return switch (outcome) {
                    case CreateOutcome.Created(byte[] answer) ->
                            new Verdict.Done(created.and(warnings(node.name())).of(answer));
                    case CreateOutcome.Rejected rejected -> rejected(node.name(), rejected);
                    case CreateOutcome.NotSent(String message) ->
                            failedOn(node.name(), 502, message);
                    case CreateOutcome.Unknown unknown -> await(placement, node, unknown);
                };
            } catch (PullFailed e) {
                tries++;
                return withoutImage(node.name(), e);
            } finally {
                if (outcomeKnown) {
                    placement.release().run();
                }
            }
        }

        private List<String> warnings(String node) {
            return NetworkWarnings.of(
                    spec.networks().ofSwarm(), cluster, request.labels(), name.name(), node);
        }

        private Verdict rejected(String node, CreateOutcome.Rejected rejected) {
            String message = explained(node, rejected.message());
            return rejected.elsewhere()
                    ? failedOn(node, rejected.status(), message)
                    : new Verdict.Done(Response.problem(rejected.status(), message));
        }

        /** A user of Compose means a path on the computer where the file is. */
        private static String explained(String node, String message) {
            return message.contains(MISSING_PATH)
                    ? message
                            + "; the path must exist on "
                            + node
                            + ", it is not copied from your computer"
                    : message;
        }

        private Verdict failedOn(String node, int status, String message) {
            tried.put(node, message);
            return new Verdict.NextNode(Response.problem(status, "node " + node + ": " + message));
        }

        /**
         * Tries nodes that already have the image, if there are any. Else a client that is told
         * that there is no such image pulls it with the credentials that it has.
         */
        private Verdict withoutImage(String node, PullFailed e) {
            Response failure = failure(node, e);
            tried.put(node, String.valueOf(e.getMessage()));
            cluster.awaitFresh();
            if (!request.image().mustBePresent() && scheduler.anyHasImage(request)) {
                request = request.whereImageIs();
                return new Verdict.NextNode(failure);
            }
            return e.refused() || e.limited()
                    ? new Verdict.Done(failure)
                    : new Verdict.NextNode(failure);
        }

        private Response failure(String node, PullFailed e) {
            if (e.limited()) {
                return Response.problem(TOO_MANY_REQUESTS, String.valueOf(e.getMessage()));
            }
            return e.refused()
                    ? Response.problem(
                            404, "No such image: " + ImageName.familiar(spec.body().image()))
                    : Response.problem(500, "node " + node + ": " + e.getMessage());
        }

        private Verdict await(Placement placement, EngineNode node, CreateOutcome.Unknown unknown) {
            Duration patience = node.engine().timings().list();
            try {
                Optional<String> id =
                        unknown.later().get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return id.isPresent()
                        ? new Verdict.Done(created.of(id.get()))
                        : failedOn(node.name(), 502, unknown.message());
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                outcomeKnown = false;
                var _ =
                        unknown.later()
                                .whenComplete(
                                        (_, _) -> {
                                            placement.release().run();
                                            name.close();
                                        });
                return new Verdict.Done(
                        Response.problem(
                                504,
                                "node "
                                        + node.name()
                                        + " was lost while it created "
                                        + name.name()
                                        + ": "
                                        + unknown.message()
                                        + "; the name and the reservation are kept until the node answers"));
            }
        }
    }
}
