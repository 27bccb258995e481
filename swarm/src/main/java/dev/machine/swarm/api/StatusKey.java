package dev.machine.swarm.api;

import java.util.Arrays;
import java.util.Optional;

/**
 * What {@code docker info} tells of a node. The lines have the form of Docker Swarm 0.2: each is a
 * pair of a key and a value; the key of a node is its name after one blank, and the node's details
 * follow with a corner before their keys.
 */
public enum StatusKey {
    CONTAINERS("Containers"),
    RESERVED_CPUS("Reserved CPUs"),
    RESERVED_MEMORY("Reserved Memory"),
    LABELS("Labels"),
    STATUS("Status"),
    ID("ID"),
    UPDATED_AT("UpdatedAt"),
    SERVER_VERSION("ServerVersion"),
    PLATFORM("Platform"),
    ERROR("Error");

    private static final String CORNER = "└";

    private final String text;

    StatusKey(String text) {
        this.text = text;
    }

    /** The key of this detail in a line. */
    String line() {
        return "  " + CORNER + " " + text;
    }

    /** The key of a node's line. */
    static String line(String node) {
        return " " + node;
    }

    /** The node whose line has this key; empty for other lines. */
    public static Optional<String> node(String key) {
        return key.startsWith(" ") && !key.contains(CORNER)
                ? Optional.of(key.strip())
                : Optional.empty();
    }

    /** The detail whose line has this key; empty for other lines and unknown details. */
    public static Optional<StatusKey> detail(String key) {
        int corner = key.indexOf(CORNER);
        String text = key.substring(corner + 1).strip();
        return corner < 0
                ? Optional.empty()
                : Arrays.stream(values()).filter(detail -> detail.text.equals(text)).findFirst();
    }
}
