package dev.machine.swarm.api;

import dev.machine.swarm.http.HttpProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of the Engine API that this endpoint does not serve, each with a sentence: 501, but 404
 * where one thing is looked up by name, so that {@code docker inspect NAME} goes on to the next
 * kind of thing.
 */
final class UnsupportedCalls {
    private static final String DIRECT = "; use a node directly: docker $(machine config NODE) …";
    private static final String ANY = "GET|HEAD|POST|PUT|DELETE";
    private static final List<String> LATER =
            List.of(
                    "/containers/prune",
                    "/images/load",
                    "/images/search",
                    "/images/get",
                    "/images/**/get",
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
                    "/distribution/**/json");
    private static final List<String> NEVER =
            List.of("/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs", "/plugins");

    private final List<Route> routes = new ArrayList<>();

    private UnsupportedCalls() {
        for (String path : List.of("/networks/**", "/volumes/**")) {
            refuse(404, "GET", path, later(path));
        }
        LATER.forEach(path -> refuse(501, ANY, path, later(path)));
        for (String path : NEVER) {
            String sentence =
                    "this endpoint is many engines as one, it has no swarm mode and no plugins: no "
                            + path;
            refuse(404, "GET", path + "/**", sentence);
            refuse(501, ANY, path, sentence);
            refuse(501, ANY, path + "/**", sentence);
        }
    }

    static List<Route> routes() {
        return new UnsupportedCalls().routes;
    }

    private static String later(String path) {
        return "this endpoint does not serve " + path.replace("**", "…") + " yet" + DIRECT;
    }

    private void refuse(int status, String methods, String pattern, String sentence) {
        routes.add(
                Route.of(
                                methods,
                                pattern,
                                call -> {
                                    throw new HttpProblem(status, sentence);
                                })
                        // Refused before its body is read: that may be a whole image.
                        .body(Route.Body.STREAMED));
    }
}
