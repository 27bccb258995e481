package dev.machine.swarm.schedule;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prefers the node where most of a Compose project, or of a network, is. The first container of a
 * service always goes there if it can; others only while there is room, because a service that is
 * scaled is meant to use more than one node.
 */
final class Home implements Filter {
    private static final int CONTAINERS_PER_CPU = 2;
    private static final int MIN_CONTAINERS = 4;
    private static final double MAX_MEMORY_SHARE = 0.8;

    private final Node home;
    private final Together together;

    private Home(Node home, Together together) {
        this.home = home;
        this.together = together;
    }

    /** The filter for a container; null if nothing that belongs to it is on any node. */
    static @Nullable Home of(Together together, Collection<? extends Node> nodes) {
        if (together.networks().isEmpty()) {
            return null;
        }
        Node home = find(together, nodes);
        return home == null ? null : new Home(home, together);
    }

    /**
     * The node with most containers of the project or the networks; without any, the one with most
     * volumes of the project; without any, the first that has one of its networks. Null if there is
     * none.
     */
    static @Nullable Node find(Together together, Collection<? extends Node> nodes) {
        Node best = null;
        Share most = new Share(0, 0, 0);
        for (Node node : nodes) {
            Share share = Share.of(node, together);
            if (share.compareTo(most) > 0) {
                best = node;
                most = share;
            }
        }
        return best;
    }

    /** How much of a project or a network is on a node. */
    private record Share(int containers, int volumes, int networks) implements Comparable<Share> {
        private static final Comparator<Share> ORDER =
                Comparator.comparingInt(Share::containers)
                        .thenComparingInt(Share::volumes)
                        .thenComparingInt(Share::networks);

        static Share of(Node node, Together together) {
            String project = together.project();
            int networks = (int) together.networks().stream().filter(node::hasNetwork).count();
            if (project.isEmpty()) {
                return new Share(inNetworks(node, together), 0, networks);
            }
            return new Share(
                    node.ledger().count(Together.PROJECT, project),
                    node.volumesOf(project),
                    networks + node.networksOf(project));
        }

        @Override
        public int compareTo(Share other) {
            return ORDER.compare(this, other);
        }
    }

    /** The containers of the fullest of the networks. */
    private static int inNetworks(Node node, Together together) {
        return together.networks().stream()
                .mapToInt(network -> node.ledger().inNetwork(network))
                .max()
                .orElse(0);
    }

    @Override
    public List<String> conditions(PlacementRequest request, boolean soft) {
        return List.of();
    }

    @Override
    public @Nullable String refusal(Node node, PlacementRequest request, boolean soft) {
        if (!node.name().equals(home.name())) {
            return "most of what belongs to it is on " + home.name();
        }
        return together.first() || hasRoom(node) ? null : "has many containers of its network";
    }

    private boolean hasRoom(Node node) {
        long cpus = node.nanoCpus() / Node.NANO;
        long most = Math.max(MIN_CONTAINERS, CONTAINERS_PER_CPU * cpus);
        return inNetworks(node, together) < most
                && node.ledger().totals().memory() <= MAX_MEMORY_SHARE * node.memory();
    }
}
