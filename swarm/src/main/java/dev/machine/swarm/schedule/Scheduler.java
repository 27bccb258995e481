package dev.machine.swarm.schedule;

import dev.machine.common.MachineException;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.schedule.Strategy.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the node for a container and reserves room there. Nodes are ranked by their ledgers without
 * any lock. The reservation checks the chosen node again under that node's lock. If its ledger has
 * changed since, all nodes are ranked again; otherwise creates that run at the same time would all
 * go to one node.
 */
public final class Scheduler {
    /** The names of the filters that {@code --filter} takes, in the order they are applied in. */
    public static final List<String> FILTERS = Filters.NAMES;

    /** After so many rankings that were out of date, a node is taken although it has changed. */
    private static final int MAX_STALE_RANKINGS = 32;

    private final Supplier<? extends Collection<? extends Node>> nodes;
    private final Strategy strategy;
    private final List<Filter> filters;
    private final RandomGenerator chance;
    private final VolumeReservations volumes = new VolumeReservations();

    /**
     * Schedules the containers of a swarm.
     *
     * @param filters the names of the filters in their order; empty for all
     * @throws MachineException if there is no strategy or filter of a name
     */
    public Scheduler(
            Supplier<? extends Collection<? extends Node>> nodes,
            String strategy,
            List<String> filters,
            RandomGenerator chance) {
        this.nodes = nodes;
        this.strategy = Strategy.named(strategy);
        this.filters = Filters.named(filters);
        this.chance = chance;
    }

    /** How nodes are ranked, as {@code info} shows it. */
    public String strategy() {
        return strategy.toString();
    }

    /** The filters in their order, as {@code info} shows them. */
    public String filters() {
        return filters.stream().map(Filter::toString).collect(Collectors.joining(", "));
    }

    /**
     * Reserves room on the best node: one where the soft expressions hold too if there is any, else
     * one where the hard ones hold.
     *
     * @param tried nodes that could not create the container, with the reason
     * @throws SchedulingException of kind CONFLICT if its volumes are where it cannot go, or of
     *     kind NO_NODE, with a reason for each node
     */
    public Placement place(PlacementRequest request, Map<String, String> tried) {
        return request.conditions().volumes().isEmpty()
                ? choose(request, tried)
                : volumes.place(request, () -> choose(request, tried));
    }

    /**
     * The node for something that is not a container, as a volume: that of its Compose project if
     * that one is healthy, else the one that the strategy prefers. Empty if there is none.
     *
     * @param project the Compose project; empty for none
     * @param tried nodes that could not make it
     */
    public Optional<Node> nodeFor(String project, Set<String> tried) {
        List<Node> able = new ArrayList<>();
        for (Node node : nodes.get()) {
            if (node.trouble() == null && !tried.contains(node.name())) {
                able.add(node);
            }
        }
        // Among equal nodes chance decides, as it does for containers.
        Collections.shuffle(able, Random.from(chance));
        Node home =
                project.isEmpty() ? null : Home.find(new Together(project, List.of(), true), able);
        return home == null
                ? able.stream().map(Candidate::of).min(strategy::compare).map(Candidate::node)
                : Optional.of(home);
    }

    /**
     * Chooses the node for a new volume as {@link #nodeFor} does. Until the placement is released,
     * whatever names the volume goes there.
     *
     * @param name empty if its engine shall invent one
     * @param tried nodes that could not make the volume, with the reason
     * @throws SchedulingException of kind CONFLICT if a node that does not answer has the volume,
     *     or of kind NO_NODE
     */
    public Placement placeVolume(String name, String project, Map<String, String> tried) {
        PlacementRequest request = PlacementRequest.ofVolume(name);
        return name.isEmpty()
                ? chooseForVolume(request, project, tried)
                : volumes.place(request, () -> chooseForVolume(request, project, tried));
    }

    private Placement chooseForVolume(
            PlacementRequest request, String project, Map<String, String> tried) {
        VolumeHolders holders = new VolumeHolders(request, nodes.get(), volumes);
        Set<String> excluded = new HashSet<>(tried.keySet());
        for (Node node : nodes.get()) {
            if (holders.refusal(node, request, false) != null) {
                excluded.add(node.name());
            }
        }
        Optional<Node> node = nodeFor(project, excluded);
        if (node.isPresent()) {
            return new Placement(node.get(), "", () -> {});
        }
        SchedulingException conflict = holders.conflict();
        throw conflict != null
                ? conflict
                : new Refusal(nodes.get(), List.of(Filters.HEALTH, holders), request, tried)
                        .exception();
    }

    /** Whether any node already has the image that the container would get there. */
    public boolean anyHasImage(PlacementRequest request) {
        return nodes.get().stream().anyMatch(request.image()::presentOn);
    }

    private Placement choose(PlacementRequest request, Map<String, String> tried) {
        VolumeHolders holders = new VolumeHolders(request, nodes.get(), volumes);
        List<Filter> all =
                Stream.concat(
                                filters.stream(),
                                Stream.of(new ApiFilter(), holders, Filters.PIN, Filters.RESOURCES))
                        .toList();
        Home home = Home.of(request.conditions().together(), nodes.get());
        Placement placed = null;
        if (request.conditions().expressions().anySoft()) {
            placed = passes(all, home, request, tried, true);
        }
        if (placed == null) {
            placed = passes(all, home, request, tried, false);
        }
        if (placed == null) {
            SchedulingException conflict = holders.conflict();
            throw conflict != null
                    ? conflict
                    : new Refusal(nodes.get(), all, request, tried).exception();
        }
        return placed;
    }

    /** Prefers the node of what belongs to the container; else the strategy alone decides. */
    private @Nullable Placement passes(
            List<Filter> all,
            @Nullable Home home,
            PlacementRequest request,
            Map<String, String> tried,
            boolean soft) {
        if (home != null) {
            List<Filter> preferring = Stream.concat(all.stream(), Stream.of(home)).toList();
            Placement placed = pass(preferring, request, tried, soft);
            if (placed != null) {
                return placed;
            }
        }
        return pass(all, request, tried, soft);
    }

    private @Nullable Placement pass(
            List<Filter> all, PlacementRequest request, Map<String, String> tried, boolean soft) {
        Reservation reservation = Reservation.of(request);
        for (int attempt = 0; ; attempt++) {
            Candidate best = best(all, request, tried, soft);
            if (best == null) {
                return null;
            }
            Node node = best.node();
            Ledger ledger = node.ledger();
            Ledger.Outcome outcome =
                    ledger.reserve(
                            reservation,
                            attempt < MAX_STALE_RANKINGS ? best.totals() : null,
                            () -> refusal(all, node, request, soft) == null);
            if (outcome == Ledger.Outcome.OK) {
                return new Placement(node, image(node, request), () -> ledger.release(reservation));
            }
        }
    }

    private static String image(Node node, PlacementRequest request) {
        return switch (request.image().choice(node)) {
            case ImageChoice.Use use -> use.image();
            case ImageChoice.Refuse _ -> request.image().name();
        };
    }

    private @Nullable Candidate best(
            List<Filter> all, PlacementRequest request, Map<String, String> tried, boolean soft) {
        Candidate best = null;
        int equals = 0;
        for (Node node : nodes.get()) {
            if (tried.containsKey(node.name())) {
                continue;
            }
            Ledger.Totals totals = node.ledger().totals();
            if (refusal(all, node, request, soft) != null) {
                continue;
            }
            Candidate candidate = Candidate.of(node, request, totals);
            int order = best == null ? -1 : strategy.compare(candidate, best);
            equals = order < 0 ? 1 : order == 0 ? equals + 1 : equals;
            if (order < 0 || (order == 0 && chance.nextInt(equals) == 0)) {
                best = candidate;
            }
        }
        return best;
    }

    private static @Nullable String refusal(
            List<Filter> filters, Node node, PlacementRequest request, boolean soft) {
        for (Filter filter : filters) {
            String reason = filter.refusal(node, request, soft);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }
}
