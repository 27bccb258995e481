package dev.machine.swarm.schedule;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.Locale;

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
        return switch (name) {
            case "spread" -> SPREAD;
            case "binpack", "binpacking" -> BINPACK;
            case "random" -> RANDOM;
            default ->
                    throw new MachineException(
                            "there is no strategy " + name,
                            "the strategies are spread, binpack and random",
                            ExitCode.USAGE);
        };
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

        static Candidate of(Node node, PlacementRequest demand, Ledger.Totals totals) {
            return new Candidate(
                    node,
                    totals,
                    share(totals.nanoCpus(), demand.promise().nanoCpus(), node.nanoCpus())
                            + share(totals.memory(), demand.promise().memory(), node.memory()));
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
