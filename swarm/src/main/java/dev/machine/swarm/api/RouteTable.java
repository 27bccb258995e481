package dev.machine.swarm.api;

import dev.machine.swarm.http.RequestTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Only routes with the same method and the same first segment are
 * tried; the first one in the list that matches is taken.
 */
final class RouteTable {
    private final List<Route> routes;
    private final Map<Key, List<Route>> byKey = new HashMap<>();

    private record Key(String method, String firstSegment) {}

    /**
     * A route and what its pattern's star matched.
     *
     * @param name decoded; empty if the pattern has no star
     */
    record Match(Route route, String name) {}

    /**
     * A table of these routes.
     *
     * @param routes each begins with a literal segment
     */
    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        for (Route route : routes) {
            for (String method : route.methods()) {
                Key key = new Key(method, route.pattern().getFirst());
                byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(route);
            }
        }
    }

    /** All routes, in the order in which they are tried. */
    List<Route> routes() {
        return routes;
    }

    /** The route of a path without a version, or null if there is none. */
    @Nullable Match find(String method, RequestTarget target) {
        Key key = new Key(method, target.rawSegments().getFirst());
        for (Route route : byKey.getOrDefault(key, List.of())) {
            String name = route.match(target);
            if (name != null) {
                return new Match(route, name);
            }
        }
        return null;
    }
}
