package dev.machine.swarm.schedule;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the nodes that pass all filters are ranked, as in classic Swarm: by the shares of CPUs and
 * memory that would be reserved, then by the number of containers, running or not. Among equal
 * nodes chance decides. (Classic also weighs a node's health; here an unhealthy node gets nothing.)
 */
public enum Strategy {
    /** The least used node first. */
    SPREAD,
    /** The most used node first. */
    BINPACK,
    /** Any node. */
    RANDOM;

    /** The names of all, as {@code --strategy} takes them. */
    public static final List<String> NAMES = Stream.of(values()).map(Strategy::toString).toList();

    /** The names of all, as help shows them: {@code spread, binpack or random}. */
    public static final String CHOICES = listed("or");

    private static String listed(String last) {
        return String.join(", ", NAMES.subList(0, NAMES.size() - 1))
                + " "
                + last
                + " "
                + NAMES.getLast();
    }

    /** Negative if the first node is the better one, zero if chance decides. */
    int compare(Candidate one, Candidate other) {
        return switch (this) {
            case SPREAD -> one.comparedTo(other);
            case BINPACK -> other.comparedTo(one);
            case RANDOM -> 0;
        };
    }

    /**
     * The strategy of this name.
     *
     * @throws MachineException if there is none
     */
    public static Strategy named(String name) {
        return find(name)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "there is no strategy " + name,
                                        "the strategies are " + listed("and"),
                                        ExitCode.USAGE));
    }

    /** The strategy of this name; classic Swarm's older name {@code binpacking} is accepted. */
    public static Optional<Strategy> find(String name) {
        String known = name.equals("binpacking") ? BINPACK.toString() : name;
        return Stream.of(values()).filter(each -> each.toString().equals(known)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A node with what was reserved on it when it was ranked.
     *
     * @param weight from 0 to 200, as in classic Swarm
     */
    record Candidate(Node node, Ledger.Totals totals, long weight) {
        private static final long FULL = 100;

        static Candidate of(Node node, PlacementRequest request, Ledger.Totals totals) {
            return new Candidate(
                    node,
                    totals,
                    share(totals.nanoCpus(), request.resources().nanoCpus(), node.nanoCpus())
                            + share(totals.memory(), request.resources().memory(), node.memory()));
        }

        /** For something that reserves nothing. */
        static Candidate of(Node node) {
            return new Candidate(node, node.ledger().totals(), 0);
        }

        private static long share(long used, long asked, long total) {
            return asked == 0 || total == 0 ? FULL : Math.multiplyExact(used + asked, FULL) / total;
        }

        private int comparedTo(Candidate other) {
            return weight != other.weight
                    ? Long.compare(weight, other.weight)
                    : Integer.compare(totals.containers(), other.totals.containers());
        }
    }
}
