package dev.machine.provisioning.store;

/**
 * A machine's part in a swarm.
 *
 * @param cluster the swarm's name, {@code default} unless the user gave another
 * @param member its engine is a member: there is a member file
 * @param master it is an endpoint of that swarm
 * @param strategy for a master: {@code spread}, {@code binpack} or {@code random}
 */
public record SwarmSettings(String cluster, boolean member, boolean master, String strategy) {
    public static final String DEFAULT_CLUSTER = "default";
    public static final String DEFAULT_STRATEGY = "spread";

    /** A member of the default swarm. */
    public static SwarmSettings defaultMember() {
        return new SwarmSettings(DEFAULT_CLUSTER, true, false, DEFAULT_STRATEGY);
    }
}
