package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.create.CreateHandler;
import dev.machine.swarm.create.Placing;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform.BadPlatformException;
import dev.machine.swarm.http.Handler;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.schedule.SchedulingException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Routes requests by their parsed path, with or without {@code /vX.Y} before it, and gives every
 * answer the headers of an engine. The path itself is never rewritten as text, so a container may
 * be called {@code v1.24} or {@code json}.
 */
public final class DockerApi implements Handler {
    /** Shown to clients; both are constants, whatever the engines behind speak. */
    static final ApiVersion NEWEST = EngineCache.NEWEST;

    static final ApiVersion OLDEST = new ApiVersion(1, 24);

    /**
     * docker-compose 1.29 asks for 1.21 with a file of version 1; engines are spoken to in their
     * own version anyway.
     */
    private static final ApiVersion OLDEST_TAKEN = new ApiVersion(1, 12);

    private static final LinearPattern VERSION = LinearPattern.of("v[0-9]+\\.[0-9]+");
    private static final Set<String> OURS =
            Set.of(
                    "api-version",
                    "docker-experimental",
                    "ostype",
                    "server",
                    "date",
                    "content-length",
                    "transfer-encoding");

    private final List<Route> routes;

    /**
     * The API of one swarm.
     *
     * @param placing how a container comes to its node
     */
    public DockerApi(Cluster cluster, Placing placing, InstantSource clock) {
        ContainerLocator owners = new ContainerLocator(cluster);
        routes = new ArrayList<>();
        routes.addAll(new SystemCalls(cluster, placing, clock).routes());
        routes.addAll(new ContainerList(cluster, clock).routes());
        CreateHandler creates = new CreateHandler(cluster, placing, clock);
        routes.add(
                Route.of(
                        "POST",
                        "/containers/create",
                        call -> creates.create(call.request(), call.target(), call.version())));
        routes.addAll(new ContainerCalls(owners, placing.names()).routes());
        routes.addAll(new StreamCalls(owners).routes());
        routes.addAll(new ExecCalls(owners, new ExecLocator(cluster)).routes());
        routes.addAll(new PruneCalls(cluster).routes());
        routes.addAll(new ImageCalls(cluster, placing.images(), placing.pulls()).routes());
        routes.addAll(new EventCalls(cluster, clock).routes());
        routes.addAll(UnsupportedCalls.routes());
    }

    @Override
    public boolean mayBecomeRaw(Request request) {
        List<String> path = request.target().rawSegments();
        boolean versioned = VERSION.matches(path.getFirst());
        return StreamCalls.mayTakeOver(
                request.method(), versioned ? path.subList(1, path.size()) : path);
    }

    @Override
    public Response handle(Request request) throws IOException {
        return dressed(answer(request));
    }

    private Response answer(Request request) throws IOException {
        try {
            return route(request);
        } catch (HttpProblem e) {
            return Response.problem(e.status(), e.sentence());
        } catch (SchedulingException e) {
            return Response.problem(status(e.kind()), e.sentence());
        } catch (BadPlatformException e) {
            return Response.problem(400, e.sentence());
        }
    }

    private static int status(SchedulingException.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case CONFLICT -> 409;
            case NO_NODE -> 500;
        };
    }

    private Response route(Request request) throws IOException {
        RequestTarget target = request.target();
        ApiVersion version = NEWEST;
        String first = target.rawSegments().getFirst();
        if (target.rawSegments().size() > 1 && VERSION.matches(first)) {
            version = version(first.substring(1));
            target = target.from(1);
        }
        for (Route route : routes) {
            String name = route.match(request.method(), target);
            if (name != null) {
                return route.answer(new Call(request, target, name, version));
            }
        }
        throw new HttpProblem(404, "page not found");
    }

    /** All that is served or refused with a sentence. */
    List<Route> routes() {
        return List.copyOf(routes);
    }

    private static ApiVersion version(String text) {
        ApiVersion version = ApiVersion.parse(text);
        if (version == null || version.compareTo(NEWEST) > 0) {
            throw new HttpProblem(
                    400,
                    "client version "
                            + text
                            + " is too new. Maximum supported API version is "
                            + NEWEST);
        }
        if (version.compareTo(OLDEST_TAKEN) < 0) {
            throw new HttpProblem(
                    400,
                    "client version "
                            + text
                            + " is too old. Minimum supported API version is "
                            + OLDEST
                            + ", please upgrade your client to a newer version");
        }
        return version;
    }

    private static Response dressed(Response response) {
        List<Headers.Field> fields = new ArrayList<>();
        fields.add(new Headers.Field("Api-Version", NEWEST.toString()));
        fields.add(new Headers.Field("Docker-Experimental", "false"));
        fields.add(new Headers.Field("Ostype", "linux"));
        fields.add(new Headers.Field("Server", "machine/swarm"));
        for (Headers.Field field : response.headers().fields()) {
            if (!OURS.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(field);
            }
        }
        return new Response(response.status(), new Headers(fields), response.body());
    }
}
