package dev.machine.swarm.schedule;

import java.util.List;
import java.util.stream.Stream;

/** All conditions that a container sets on its node. */
public record Expressions(
        List<Expression> constraints, List<Expression> affinities, List<Expression> whitelists) {
    public static final Expressions NONE = new Expressions(List.of(), List.of(), List.of());

    public Expressions {
        constraints = List.copyOf(constraints);
        affinities = List.copyOf(affinities);
        whitelists = List.copyOf(whitelists);
    }

    boolean anySoft() {
        return Stream.of(constraints, affinities, whitelists)
                .flatMap(List::stream)
                .anyMatch(Expression::soft);
    }
}
