package dev.machine.swarm.schedule;

import dev.machine.common.ExitCode;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.PortBinding;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.schedule.PlacementRequest.Dependency;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Classic Swarm's filters in its order, and ours about platforms and resources. */
enum Filters implements Filter {
    HEALTH {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return List.of();
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            String trouble = node.trouble();
            return trouble == null ? null : "does not answer: " + trouble;
        }
    },
    PORT {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return request.resources().ports().stream()
                    .sorted((a, b) -> Integer.compare(a.port(), b.port()))
                    .map(port -> "port " + shown(port, request.hostNetwork()))
                    .distinct()
                    .toList();
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            for (PortBinding port : request.resources().ports()) {
                String holder = node.ledger().holder(port);
                if (holder != null) {
                    return "port " + port + " is taken by " + holder;
                }
            }
            return null;
        }
    },
    CONTAINERSLOTS {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return List.of("available container slots");
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            String slots = node.labels().getOrDefault(SLOTS, "");
            return !slots.isEmpty()
                            && NUMBER.matches(slots)
                            && node.ledger().totals().containers() >= Integer.parseInt(slots)
                    ? "all " + slots + " container slots are taken"
                    : null;
        }
    },
    DEPENDENCY {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return request.conditions().dependencies().stream().map(Dependency::option).toList();
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            for (Dependency dependency : request.conditions().dependencies()) {
                if (!dependency.on(node)) {
                    return "the container of " + dependency.option() + " is not on this node";
                }
            }
            return null;
        }
    },
    AFFINITY {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return shown(request.conditions().expressions().affinities(), soft);
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            return broken(
                    request.conditions().expressions().affinities(),
                    soft,
                    affinity -> near(node, affinity));
        }

        private static boolean near(Node node, Expression affinity) {
            Ledger ledger = node.ledger();
            return switch (affinity.key()) {
                case "container" ->
                        affinity.matchesKey(ledger.names())
                                || affinity.matchesKey(ledger.ids())
                                || hasQualified(node, affinity.value());
                case "image" ->
                        node.images().stream().anyMatch(affinity::matches)
                                || node.hasImage(affinity.value());
                default -> affinity.matchesKey(ledger.labelValues(affinity.key()));
            };
        }
    },
    CONSTRAINT {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return shown(request.conditions().expressions().constraints(), soft);
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            return broken(
                    request.conditions().expressions().constraints(),
                    soft,
                    constraint ->
                            constraint.key().equals("node")
                                    ? constraint.matches(node.name())
                                            || constraint.matches(node.id())
                                    : constraint.matches(
                                            node.labels().getOrDefault(constraint.key(), "")));
        }
    },
    WHITELIST {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return shown(request.conditions().expressions().whitelists(), soft);
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            return broken(
                    request.conditions().expressions().whitelists(),
                    soft,
                    list -> List.of(list.value().split("\\|", -1)).contains(node.name()));
        }
    },
    PLATFORM {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return List.of("image " + request.image().name());
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            return request.image().choice(node) instanceof ImageChoice.Refuse none
                    ? none.reason()
                    : null;
        }
    },
    /**
     * Whether the node has what is on some nodes only. It is always on, as no engine can make it.
     */
    PIN {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return request.conditions().pins().stream().map(PlacementRequest.Pin::shown).toList();
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            for (PlacementRequest.Pin pin : request.conditions().pins()) {
                if (!pin.nodes().contains(node.name())) {
                    return pin.shown()
                            + " is on "
                            + String.join(" and ", new TreeSet<>(pin.nodes()));
                }
            }
            return null;
        }
    },
    /**
     * Whether the node has enough CPUs and memory left, and the image if it cannot be pulled. It is
     * always on: no choice of filters puts a container where there is no room for it.
     */
    RESOURCES {
        @Override
        public List<String> conditions(PlacementRequest request, boolean soft) {
            return List.of();
        }

        @Override
        public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
            Ledger.Totals reserved = node.ledger().totals();
            long cpus = request.resources().nanoCpus();
            long memory = request.resources().memory();
            if (cpus > 0 && cpus > node.nanoCpus() - reserved.nanoCpus()) {
                return Sizes.cpus(cpus)
                        + " CPUs requested, "
                        + Sizes.cpus(Math.max(0, node.nanoCpus() - reserved.nanoCpus()))
                        + " of "
                        + Sizes.cpus(node.nanoCpus())
                        + " left";
            }
            if (memory > 0 && memory > node.memory() - reserved.memory()) {
                return Sizes.bytes(memory)
                        + " of memory requested, "
                        + Sizes.bytes(Math.max(0, node.memory() - reserved.memory()))
                        + " of "
                        + Sizes.bytes(node.memory())
                        + " left";
            }
            return request.image().mustBePresent() && !request.image().presentOn(node)
                    ? "has no image " + request.image().name()
                    : null;
        }
    };

    private static boolean hasQualified(Node node, String container) {
        String local = QualifiedName.on(node.name(), container);
        return local != null && node.ledger().has(local);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The engine label that limits how many containers a node takes. */
    static final String SLOTS = "containerslots";

    /** The filters that a user can choose, in their order. */
    private static final List<Filter> SELECTABLE =
            Stream.of(values())
                    .filter(filter -> filter != PIN && filter != RESOURCES)
                    .map(Filter.class::cast)
                    .toList();

    /** The names of the filters that a user can choose, in their order. */
    static final List<String> NAMES = SELECTABLE.stream().map(Filter::toString).toList();

    private static final LinearPattern NUMBER = LinearPattern.of("[0-9]{1,9}");

    /** Finds an expression's value on a node. */
    private interface Finder {
        boolean finds(Expression expression);
    }

    private static @Nullable String broken(
            List<Expression> expressions, boolean soft, Finder finder) {
        for (Expression expression : expressions) {
            if ((soft || !expression.soft()) && !expression.holds(finder.finds(expression))) {
                return expression + " does not hold";
            }
        }
        return null;
    }

    private static List<String> shown(List<Expression> expressions, boolean soft) {
        return expressions.stream()
                .filter(Expression.mustHold(soft))
                .map(Expression::toString)
                .toList();
    }

    private static String shown(PortBinding port, boolean host) {
        String number = port.protocol().equals("tcp") ? "" + port.port() : port.toString();
        String ip = port.address().equals(PortBinding.ANY) ? "" : port.address() + ":";
        return ip + number + (host ? " (Host mode)" : " (Bridge mode)");
    }

    /**
     * The filters of these names in that order, or all that can be chosen if no name is given.
     * Health comes first even if it is not named, because an engine that does not answer cannot
     * create anything.
     *
     * @throws MachineException if there is no filter of a name
     */
    static List<Filter> named(List<String> names) {
        return names.isEmpty()
                ? SELECTABLE
                : Stream.concat(Stream.of(HEALTH), names.stream().map(Filters::named))
                        .distinct()
                        .toList();
    }

    private static Filter named(String name) {
        for (Filter filter : SELECTABLE) {
            if (filter.toString().equals(name)) {
                return filter;
            }
        }
        throw new MachineException(
                "there is no filter " + name,
                "the filters are " + String.join(", ", NAMES),
                ExitCode.USAGE);
    }
}
