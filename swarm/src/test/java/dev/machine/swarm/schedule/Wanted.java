package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.HostPort;
import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import dev.machine.swarm.match.MatchBudget;
import dev.machine.swarm.schedule.PlacementRequest.Dependency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Builds demands. */
final class Wanted {
    static final ImagePlan AS_TYPED = node -> new ImageChoice.Use("debian", "as typed");

    private final String name;
    private final Set<HostPort> ports = new HashSet<>();
    private final Map<String, String> labels = new HashMap<>();
    private long cpus;
    private long memory;
    private boolean host;
    private List<Expression> constraints = List.of();
    private List<Expression> affinities = List.of();
    private List<Expression> whitelists = List.of();
    private List<Dependency> dependencies = List.of();
    private List<PlacementRequest.Volume> volumes = List.of();
    private ImagePlan plan = AS_TYPED;

    private Wanted(String name) {
        this.name = name;
    }

    static Wanted container(String name) {
        return new Wanted(name);
    }

    Wanted port(String protocol, String address, int port) {
        ports.add(new HostPort(protocol, address, port));
        return this;
    }

    Wanted cpus(double number) {
        cpus = (long) (number * Node.NANO);
        return this;
    }

    Wanted memory(long bytes) {
        memory = bytes;
        return this;
    }

    Wanted hostNetwork() {
        host = true;
        return this;
    }

    Wanted label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    Wanted constraint(String... texts) {
        constraints =
                Stream.of(texts).map(text -> Expression.parse(text, new MatchBudget())).toList();
        return this;
    }

    Wanted affinity(String... texts) {
        affinities =
                Stream.of(texts).map(text -> Expression.parse(text, new MatchBudget())).toList();
        return this;
    }

    Wanted whitelist(String text) {
        whitelists = List.of(Expression.parse(text, new MatchBudget()));
        return this;
    }

    Wanted link(String other) {
        dependencies = List.of(new Dependency("--link=" + other, null, other, false));
        return this;
    }

    Wanted volumesFrom(String other) {
        dependencies = List.of(new Dependency("--volumes-from=" + other, null, other, true));
        return this;
    }

    Wanted volumes(String... names) {
        volumes =
                Stream.of(names).map(volume -> new PlacementRequest.Volume(volume, null)).toList();
        return this;
    }

    Wanted image(ImagePlan chosen) {
        plan = chosen;
        return this;
    }

    PlacementRequest demand() {
        labels.put(PlacementRequest.SWARM_ID, "swarm-" + name);
        return new PlacementRequest(
                "swarm-" + name,
                name,
                "debian",
                plan,
                new Resources(cpus, memory, ports),
                host,
                labels,
                new Expressions(constraints, affinities, whitelists),
                dependencies,
                volumes,
                false);
    }
}
