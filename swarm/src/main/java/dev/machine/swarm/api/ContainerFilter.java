package dev.machine.swarm.api;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Target;
import dev.machine.swarm.image.ImageName;
import java.util.List;
import java.util.Set;

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

    private final Filters filters;
    private final boolean all;
    private final long before;
    private final long since;

    ContainerFilter(Target target, Cluster cluster, int limit) {
        filters = Filters.of(target, KNOWN);
        for (String status : filters.all("status")) {
            if (!STATES.contains(status)) {
                throw new HttpProblem(400, "invalid filter 'status=" + status + "'");
            }
        }
        // As an engine does: asking for a state, or for the newest so many, is asking for stopped
        // ones too.
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
            Cluster cluster,
            List<String> names,
            @org.jspecify.annotations.Nullable String parameter,
            long otherwise) {
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
        boolean up = Set.of("running", "paused", "restarting").contains(container.state());
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
                && filters.any(
                        "name",
                        wanted ->
                                container.names().stream()
                                        .anyMatch(
                                                name ->
                                                        Filters.found(wanted, name)
                                                                || Filters.found(wanted, "/" + name)
                                                                || Filters.found(
                                                                        wanted,
                                                                        located.engine().name()
                                                                                + "/"
                                                                                + name)
                                                                || Filters.found(
                                                                        wanted,
                                                                        "/"
                                                                                + located.engine()
                                                                                        .name()
                                                                                + "/"
                                                                                + name)
                                                                || Filters.found(
                                                                        wanted,
                                                                        NameStyle.AT.listed(
                                                                                located.engine()
                                                                                        .name(),
                                                                                name))
                                                                || Filters.found(
                                                                        wanted,
                                                                        NameStyle.AT.alone(
                                                                                located.engine()
                                                                                        .name(),
                                                                                name))))
                && filters.labels(container.labels());
    }

    private boolean state(Container container) {
        return filters.any("status", container.state()::equals)
                && filters.any(
                        "exited", code -> container.status().startsWith("Exited (" + code + ")"))
                && filters.any("health", health -> health.equals(health(container)))
                && filters.any(
                        "is-task",
                        wanted ->
                                Boolean.parseBoolean(wanted.equals("1") ? "true" : wanted)
                                        == container.labels().containsKey("com.docker.swarm.task"));
    }

    private static String health(Container container) {
        String status = container.status();
        return status.contains("(healthy)")
                ? "healthy"
                : status.contains("(unhealthy)")
                        ? "unhealthy"
                        : status.contains("(health: starting)") ? "starting" : "none";
    }

    /** A volume's name may have its node before it. */
    private static boolean mounted(Located located, String wanted) {
        String prefix = located.engine().name() + "/";
        return located.container().mounts().contains(wanted)
                || (wanted.startsWith(prefix)
                        && located.container()
                                .mounts()
                                .contains(wanted.substring(prefix.length())));
    }

    private boolean surroundings(Container container) {
        return filters.any("network", container.networks()::contains)
                && filters.any(
                        "ancestor",
                        wanted ->
                                ImageName.same(wanted, container.image())
                                        || container.imageId().equals(wanted)
                                        || container.imageId().startsWith("sha256:" + wanted))
                && filters.any("publish", port -> ports(port, container.published()))
                && filters.any("expose", port -> ports(port, container.exposed()));
    }

    /** A port or a range of them, with or without protocol. */
    private static boolean ports(String wanted, Set<String> there) {
        String[] parts = wanted.split("/", 2);
        String[] range = parts[0].split("-", 2);
        String protocol = parts.length == 2 ? parts[1] : "tcp";
        try {
            int first = Integer.parseInt(range[0]);
            int last = Integer.parseInt(range[range.length - 1]);
            for (int port = first; port <= last && port <= 65535; port++) {
                if (there.contains(port + "/" + protocol)) {
                    return true;
                }
            }
            return false;
        } catch (NumberFormatException e) {
            throw new HttpProblem(400, "invalid filter: " + wanted + " is not a port");
        }
    }
}
