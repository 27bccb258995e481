package dev.machine.swarm.api;

import dev.machine.swarm.http.HttpProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of the Engine API that this endpoint does not serve, each with a sentence instead of a bare
 * 404.
 */
final class NotYet {
    private static final String DIRECT = "; use a node directly: docker $(machine config NODE) …";

    private NotYet() {}

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        refuse(
                routes,
                "POST",
                "/containers/create",
                "this endpoint does not schedule containers yet" + DIRECT);
        refuse(
                routes,
                "POST",
                "/containers/**/attach",
                "this endpoint does not attach to containers yet" + DIRECT);
        refuse(
                routes,
                "GET",
                "/containers/**/attach/ws",
                "this endpoint does not attach to containers yet" + DIRECT);
        refuse(
                routes,
                "POST",
                "/containers/**/exec",
                "this endpoint does not run commands in containers yet" + DIRECT);
        refuse(
                routes,
                "GET|POST",
                "/exec/**",
                "this endpoint does not run commands in containers yet" + DIRECT);
        for (String path : List.of("/networks/**", "/volumes/**")) {
            // 404, so that docker inspect NAME goes on and says that there is no such object.
            routes.add(
                    Route.of(
                            "GET",
                            path,
                            call -> {
                                throw new HttpProblem(
                                        404,
                                        "this endpoint does not serve "
                                                + path.replace("/**", "/…")
                                                + " yet"
                                                + DIRECT);
                            }));
        }
        for (String path :
                List.of(
                        "/containers/prune",
                        "/images/create",
                        "/images/load",
                        "/images/prune",
                        "/images/search",
                        "/images/get",
                        "/images/**/get",
                        "/images/**/push",
                        "/images/**/tag",
                        "/images/**",
                        "/build",
                        "/build/**",
                        "/commit",
                        "/auth",
                        "/session",
                        "/networks",
                        "/networks/**",
                        "/volumes",
                        "/volumes/**",
                        "/system/df",
                        "/distribution/**/json")) {
            refuse(
                    routes,
                    "GET|HEAD|POST|PUT|DELETE",
                    path,
                    "this endpoint does not serve " + path.replace("/**", "/…") + " yet" + DIRECT);
        }
        for (String path :
                List.of(
                        "/swarm",
                        "/nodes",
                        "/services",
                        "/tasks",
                        "/secrets",
                        "/configs",
                        "/plugins")) {
            for (String pattern : List.of(path, path + "/**")) {
                refuse(
                        routes,
                        "GET|POST|DELETE",
                        pattern,
                        "this endpoint is many engines as one; it has no swarm mode and no plugins ("
                                + path
                                + ")");
            }
        }
        return routes;
    }

    private static void refuse(
            List<Route> routes, String methods, String pattern, String sentence) {
        routes.add(
                Route.of(
                        methods,
                        pattern,
                        call -> {
                            throw new HttpProblem(501, sentence);
                        }));
    }
}
