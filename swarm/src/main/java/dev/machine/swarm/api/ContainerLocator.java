package dev.machine.swarm.api;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the node of a container that a call names. */
final class ContainerLocator {
    private final Cluster cluster;

    ContainerLocator(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @throws HttpProblem 404 if there is none, 400 if the name is ambiguous
     */
    Located find(String name) {
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
        /** The path on its engine. */
        String path() {
            return "/containers/"
                    + EngineProxy.encoded(parent.container().name())
                    + "/"
                    + EngineProxy.encoded(alias);
        }
    }

    /**
     * The link of {@code PARENT/ALIAS}, with or without the node; null if there is no such parent.
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

    /** Asks the engine, because it sends no event when a container gets or loses a link. */
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

    /** Invalidates what a container is linked to: its names change as the container's name does. */
    void invalidateLinked(Located parent) {
        String prefix = parent.container().name() + "/";
        for (Container other : parent.engine().containers().all()) {
            if (other.names().stream().anyMatch(name -> name.startsWith(prefix))) {
                parent.engine().invalidate(other.id());
            }
        }
    }
}
