package dev.machine.swarm.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The name of a container with its node: {@code NODE/NAME}, as Docker Swarm 0.2 wrote it, or {@code
 * NAME@NODE}, which has no slash. Docker allows neither character in a name.
 */
public final class QualifiedName {
    private QualifiedName() {}

    /** A name without the slash that engines write before it. */
    public static String bare(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    /**
     * What is wrong with a text that names something of a node, if no node matches; null if it
     * names no node.
     *
     * @param kind of the thing, as {@code network}
     */
    public static @Nullable String problem(String kind, String text) {
        int slash = text.indexOf('/');
        return slash <= 0
                ? null
                : "there is no node "
                        + text.substring(0, slash)
                        + " in the swarm, which "
                        + kind
                        + " "
                        + text
                        + " would be on";
    }

    /** The name alone, if the text names this node with it; else null. */
    public static @Nullable String on(String node, String text) {
        String prefix = node + "/";
        String suffix = "@" + node;
        if (text.startsWith(prefix)) {
            return text.substring(prefix.length());
        }
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : null;
    }
}
