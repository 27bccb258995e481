package dev.machine.swarm.api;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.image.ImageIds;
import dev.machine.swarm.image.ImageName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which containers a list shows: the parameters and filters of an engine, and {@code node}. */
final class ContainerFilter {
    private static final Set<String> KNOWN =
            Set.of(
                    "id",
                    "name",
                    "label",
                    "status",
                    "node",
                    "health",
                    "is-task",
                    "volume",
                    "network",
                    "exited",
                    "ancestor",
                    "before",
                    "since",
                    "publish",
                    "expose");
    private static final Set<String> STATES =
            Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

    private final QueryFilters filters;
    private final boolean all;
    private final long before;
    private final long since;

    /** Images as the client wrote them, with their familiar names. */
    private final Map<String, String> ancestors = new HashMap<>();

    /** The Ids that these images have on all nodes, where the client wrote an Id. */
    private final Map<String, Set<String>> ancestorIds = new HashMap<>();

    private final Map<String, List<PortRange>> ranges = new HashMap<>();

    ContainerFilter(RequestTarget target, Cluster cluster, int limit) {
        filters = QueryFilters.of(target, KNOWN);
        for (String status : filters.all("status")) {
            if (!STATES.contains(status)) {
                throw new HttpProblem(400, "invalid filter 'status=" + status + "'");
            }
        }
        for (String name : filters.all("ancestor")) {
            ancestors.put(name, ImageName.familiar(name));
            ancestorIds.put(name, ImageIds.of(name, cluster.engines()));
        }
        for (String key : List.of("publish", "expose")) {
            ranges.put(key, filters.all(key).stream().map(PortRange::parse).toList());
        }
        // As on an engine, a filter for a state or a number of newest containers includes stopped
        // ones.
        all =
                target.flag("all")
                        || limit > 0
                        || filters.has("status")
                        || filters.has("exited")
                        || target.parameter("before") != null
                        || target.parameter("since") != null;
        before =
                created(cluster, filters.all("before"), target.parameter("before"), Long.MAX_VALUE);
        since = created(cluster, filters.all("since"), target.parameter("since"), Long.MIN_VALUE);
    }

    private static long created(
            Cluster cluster, List<String> names, @Nullable String parameter, long otherwise) {
        String name = names.isEmpty() ? parameter : names.getFirst();
        if (name == null || name.isBlank()) {
            return otherwise;
        }
        List<Located> found = cluster.find(name);
        if (found.isEmpty()) {
            throw new HttpProblem(404, "No such container: " + name);
        }
        return found.getFirst().container().created();
    }

    boolean accepts(Located located) {
        Container container = located.container();
        boolean up = Set.of("running", "paused", "restarting").contains(container.run().state());
        return (all || up)
                && container.created() < before
                && container.created() > since
                && identity(located)
                && state(container)
                && filters.any("volume", wanted -> mounted(located, wanted))
                && surroundings(container);
    }

    private boolean identity(Located located) {
        Container container = located.container();
        return filters.any("id", container.id()::startsWith)
                && filters.any("node", wanted -> wanted.equals(located.engine().name()))
                && filters.found("name", names(located))
                && filters.labels(container.labels());
    }

    /** All forms of a container's names. */
    private static List<String> names(Located located) {
        String node = located.engine().name();
        return located.container().names().stream()
                .flatMap(
                        name ->
                                Stream.of(
                                        name,
                                        "/" + name,
                                        node + "/" + name,
                                        "/" + node + "/" + name,
                                        NameStyle.AT.listed(node, name),
                                        NameStyle.AT.alone(node, name)))
                .distinct()
                .toList();
    }

    private boolean state(Container container) {
        return filters.any("status", container.run().state()::equals)
                && filters.any(
                        "exited",
                        code -> container.run().status().startsWith("Exited (" + code + ")"))
                && filters.any("health", health -> health.equals(health(container)))
                && filters.any(
                        "is-task",
                        wanted ->
                                Boolean.parseBoolean(wanted.equals("1") ? "true" : wanted)
                                        == container.labels().containsKey("com.docker.swarm.task"));
    }

    private static String health(Container container) {
        String status = container.run().status();
        return status.contains("(healthy)")
                ? "healthy"
                : status.contains("(unhealthy)")
                        ? "unhealthy"
                        : status.contains("(health: starting)") ? "starting" : "none";
    }

    /** Whether a container mounts a volume, whose name may begin with its node. */
    private static boolean mounted(Located located, String wanted) {
        String prefix = located.engine().name() + "/";
        return located.container().attached().mounts().contains(wanted)
                || (wanted.startsWith(prefix)
                        && located.container()
                                .attached()
                                .mounts()
                                .contains(wanted.substring(prefix.length())));
    }

    private boolean surroundings(Container container) {
        String image = ancestors.isEmpty() ? "" : ImageName.familiar(container.image().name());
        return filters.any("network", container.attached().networks()::contains)
                && filters.any(
                        "ancestor",
                        wanted ->
                                image.equals(ancestors.get(wanted))
                                        || container.image().id().equals(wanted)
                                        || container.image().id().startsWith("sha256:" + wanted)
                                        || ancestorIds
                                                .getOrDefault(wanted, Set.of())
                                                .contains(container.image().id()))
                && ports("publish", container.ports().published())
                && ports("expose", container.ports().exposed());
    }

    private boolean ports(String key, Set<String> there) {
        List<PortRange> wanted = ranges.getOrDefault(key, List.of());
        return wanted.isEmpty()
                || there.stream().anyMatch(port -> wanted.stream().anyMatch(r -> r.has(port)));
    }
}
