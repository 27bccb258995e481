package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Platform.BadPlatformException;
import dev.machine.swarm.http.Handler;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.match.MatchBudget.SpentException;
import dev.machine.swarm.schedule.SchedulingException;
import java.io.IOException;
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
    /** Versions shown to clients. They are constants and do not depend on the engines. */
    static final ApiVersion NEWEST = ApiVersion.NEWEST;

    static final ApiVersion OLDEST = new ApiVersion(1, 24);

    /**
     * The oldest version that is accepted, because docker-compose 1.29 asks for 1.21 with a file of
     * version 1. Engines are always called in a version of their own.
     */
    private static final ApiVersion OLDEST_ACCEPTED = new ApiVersion(1, 12);

    private static final LinearPattern VERSION = LinearPattern.of("v[0-9]+\\.[0-9]+");
    private static final Set<String> OWN_HEADERS =
            Set.of(
                    "api-version",
                    "docker-experimental",
                    "ostype",
                    "server",
                    "date",
                    "content-length",
                    "transfer-encoding");

    private final RouteTable routes;

    /** The API of one swarm. */
    public DockerApi(ApiServices services) {
        routes = new RouteTable(Routes.all(services));
    }

    @Override
    public boolean mayBecomeRaw(Request request) {
        RouteTable.Match match = routes.find(request.method(), unversioned(request.target()));
        return match != null && match.route().hijacks();
    }

    @Override
    public Response handle(Request request) throws IOException {
        return withOwnHeaders(answer(request));
    }

    private Response answer(Request request) throws IOException {
        try {
            return route(request);
        } catch (HttpProblem e) {
            return Response.problem(e.status(), e.sentence());
        } catch (SchedulingException e) {
            return Response.problem(status(e.kind()), e.sentence());
        } catch (BadPlatformException | SpentException e) {
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
        RequestTarget target = unversioned(request.target());
        ApiVersion version =
                isVersioned(request.target())
                        ? version(request.target().rawSegments().getFirst().substring(1))
                        : NEWEST;
        RouteTable.Match match = routes.find(request.method(), target);
        if (match == null) {
            throw new HttpProblem(404, "page not found");
        }
        return match.route().answer(new Call(request, target, match.name(), version));
    }

    private static boolean isVersioned(RequestTarget target) {
        List<String> path = target.rawSegments();
        return path.size() > 1 && VERSION.matches(path.getFirst());
    }

    private static RequestTarget unversioned(RequestTarget target) {
        return isVersioned(target) ? target.from(1) : target;
    }

    /** All calls that are served, or refused with a reason. */
    List<Route> routes() {
        return routes.routes();
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
        if (version.compareTo(OLDEST_ACCEPTED) < 0) {
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

    private static Response withOwnHeaders(Response response) {
        List<Headers.Field> fields = new ArrayList<>();
        fields.add(new Headers.Field("Api-Version", NEWEST.toString()));
        fields.add(new Headers.Field("Docker-Experimental", "false"));
        fields.add(new Headers.Field("Ostype", "linux"));
        fields.add(new Headers.Field("Server", "machine/swarm"));
        for (Headers.Field field : response.headers().fields()) {
            if (!OWN_HEADERS.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(field);
            }
        }
        return new Response(response.status(), new Headers(fields), response.body());
    }
}
