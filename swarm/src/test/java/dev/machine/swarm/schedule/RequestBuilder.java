package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.PortBinding;
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

/** Builds placement requests. */
final class RequestBuilder {
    static final ImagePlan AS_TYPED = node -> new ImageChoice.Use("debian", "as typed");

    private final String name;
    private final Set<PortBinding> ports = new HashSet<>();
    private final Map<String, String> labels = new HashMap<>();
    private long cpus;
    private long memory;
    private boolean host;
    private List<Expression> constraints = List.of();
    private List<Expression> affinities = List.of();
    private List<Expression> whitelists = List.of();
    private List<Dependency> dependencies = List.of();
    private List<PlacementRequest.Volume> volumes = List.of();
    private List<PlacementRequest.Pin> pins = List.of();
    private Together together = Together.NOTHING;
    private ImagePlan plan = AS_TYPED;

    private RequestBuilder(String name) {
        this.name = name;
    }

    static RequestBuilder container(String name) {
        return new RequestBuilder(name);
    }

    RequestBuilder port(String protocol, String address, int port) {
        ports.add(new PortBinding(protocol, address, port));
        return this;
    }

    RequestBuilder cpus(double number) {
        cpus = (long) (number * Node.NANO);
        return this;
    }

    RequestBuilder memory(long bytes) {
        memory = bytes;
        return this;
    }

    RequestBuilder hostNetwork() {
        host = true;
        return this;
    }

    RequestBuilder label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    RequestBuilder constraint(String... texts) {
        constraints =
                Stream.of(texts).map(text -> Expression.parse(text, new MatchBudget())).toList();
        return this;
    }

    RequestBuilder affinity(String... texts) {
        affinities =
                Stream.of(texts).map(text -> Expression.parse(text, new MatchBudget())).toList();
        return this;
    }

    RequestBuilder whitelist(String text) {
        whitelists = List.of(Expression.parse(text, new MatchBudget()));
        return this;
    }

    RequestBuilder link(String other) {
        dependencies = List.of(new Dependency("--link=" + other, null, other, false));
        return this;
    }

    RequestBuilder volumesFrom(String other) {
        dependencies = List.of(new Dependency("--volumes-from=" + other, null, other, true));
        return this;
    }

    RequestBuilder volumes(String... names) {
        volumes =
                Stream.of(names).map(volume -> new PlacementRequest.Volume(volume, null)).toList();
        return this;
    }

    RequestBuilder pin(String shown, String... nodes) {
        pins = List.of(new PlacementRequest.Pin(shown, Set.of(nodes)));
        return this;
    }

    RequestBuilder together(Together with) {
        together = with;
        return this;
    }

    RequestBuilder image(ImagePlan chosen) {
        plan = chosen;
        return this;
    }

    PlacementRequest build() {
        labels.put(PlacementRequest.SWARM_ID, "swarm-" + name);
        return new PlacementRequest(
                "swarm-" + name,
                name,
                labels,
                new PlacementRequest.Image("debian", plan, false),
                new Resources(cpus, memory, ports),
                host,
                new PlacementRequest.Conditions(
                        new Expressions(constraints, affinities, whitelists),
                        dependencies,
                        volumes,
                        pins,
                        together,
                        List.of()));
    }
}
