package dev.machine.swarm.schedule;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How nodes that will do are ranked, as classic swarm does: by the shares of CPUs and memory that
 * would be promised, then by the number of containers, running or not. What still is equal is
 * decided by chance. (Classic's weight of a node's health is the same for all nodes here: an
 * unhealthy one gets nothing.)
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
     * The strategy of a name.
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

    /** The strategy of a name, also of the older name that classic Swarm has for one. */
    public static Optional<Strategy> find(String name) {
        String known = name.equals("binpacking") ? BINPACK.toString() : name;
        return Stream.of(values()).filter(each -> each.toString().equals(known)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A node with what it had promised when it was looked at.
     *
     * @param weight of 0 to 200, as classic's
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
