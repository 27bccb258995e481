package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.EngineStatus;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the node that has what a call names and passes the call on to it. */
final class ContainerLocator {
    /** Decimal digits that a long has room for, whatever they are. */
    private static final int MAX_DIGITS = 18;

    private final Cluster cluster;

    ContainerLocator(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @throws HttpProblem 404 if there is none, 400 if the name is ambiguous
     */
    Located container(String name) {
        List<Located> found = cluster.find(name);
        if (found.isEmpty()) {
            cluster.awaitFresh();
            found = cluster.find(name);
        }
        if (found.isEmpty()) {
            Link link = link(name);
            found = link == null ? found : linked(link);
        }
        if (found.isEmpty()) {
            throw new HttpProblem(404, "No such container: " + name);
        }
        if (found.size() > 1) {
            throw new HttpProblem(
                    400,
                    "container name "
                            + name
                            + " is ambiguous, it may be "
                            + found.stream()
                                    .map(Located::fullName)
                                    .sorted()
                                    .collect(Collectors.joining(" or ")));
        }
        return found.getFirst();
    }

    /**
     * The name that one container has for another: {@code docker run --name parent --link X:alias}.
     */
    record Link(Located parent, String alias) {
        /** As its engine knows it. */
        String path() {
            return "/containers/"
                    + ImageLocator.encoded(parent.container().name())
                    + "/"
                    + ImageLocator.encoded(alias);
        }
    }

    /**
     * What {@code PARENT/ALIAS} names, with or without the node; null if there is no such parent.
     */
    @Nullable Link link(String text) {
        String name = text.startsWith("/") ? text.substring(1) : text;
        for (EngineCache engine : cluster.engines()) {
            String local = QualifiedName.on(engine.name(), name);
            if (local != null && local.indexOf('/') > 0) {
                name = engine.name() + "/" + local;
            }
        }
        int slash = name.lastIndexOf('/');
        List<Located> parents = slash <= 0 ? List.of() : cluster.find(name.substring(0, slash));
        return parents.size() == 1 ? new Link(parents.getFirst(), name.substring(slash + 1)) : null;
    }

    /** An engine tells of no event when a container gets or loses a link, so it is asked. */
    private List<Located> linked(Link link) {
        EngineCache engine = link.parent().engine();
        try {
            String id =
                    engine.get(link.path() + "/json", engine.timings().inspect())
                            .path("Id")
                            .asText("");
            return cluster.find(id);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** What a container is linked to has other names, once it is removed or renamed. */
    void touchLinks(Located parent) {
        String prefix = parent.container().name() + "/";
        for (Container other : parent.engine().containers().all()) {
            if (other.names().stream().anyMatch(name -> name.startsWith(prefix))) {
                parent.engine().invalidate(other.id());
            }
        }
    }

    /**
     * Sends a call to an engine as it came, but for the path.
     *
     * @throws HttpProblem 503 if the node is known not to answer, 502 if it fails now
     */
    static EngineReply send(EngineCache engine, Call call, String path) {
        return send(engine, call, path, call.request().headers().endToEnd());
    }

    /** The same with other headers than the client's. */
    static EngineReply send(EngineCache engine, Call call, String path, Headers headers) {
        EngineStatus status = engine.status();
        EngineFacts facts = status.facts();
        if (!status.healthy() || facts == null) {
            throw new HttpProblem(
                    503, "node " + engine.name() + " does not answer: " + status.error());
        }
        String query = call.target().rawQuery();
        String full =
                "/v" + facts.speak(call.version()) + path + (query == null ? "" : "?" + query);
        try {
            return engine.client()
                    .send(
                            new EngineRequest(
                                    call.request().method(),
                                    full,
                                    headers,
                                    call.request().body(),
                                    call.request().cancellation()));
        } catch (IOException e) {
            throw new HttpProblem(
                    502, "node " + engine.name() + " did not answer: " + e.getMessage());
        }
    }

    /** An engine's answer as the answer to the client. */
    static Response relay(EngineReply reply) {
        Headers headers = reply.headers().endToEnd();
        if (reply.length() == 0) {
            String length = reply.headers().first("Content-Length");
            return new Response(
                    reply.status(),
                    headers,
                    length == null || !isLength(length)
                            ? new Response.Empty()
                            : new Response.Relay(reply.body(), Long.parseLong(length), reply));
        }
        return new Response(
                reply.status(), headers, new Response.Relay(reply.body(), reply.length(), reply));
    }

    /** RFC 9110 section 8.6: digits only, which is less than what Java takes for a number. */
    private static boolean isLength(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
