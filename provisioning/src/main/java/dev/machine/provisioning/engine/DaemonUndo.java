package dev.machine.provisioning.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * daemon.json without machine's settings; changes that others made meanwhile stay.
 *
 * @param content the new content; empty if the original file is put back byte for byte, or the file
 *     is removed because there was none
 */
public record DaemonUndo(Optional<String> content) {
    private static final List<String> ALWAYS_OURS =
            List.of("tlsverify", "tlscacert", "tlscert", "tlskey", "hosts", "live-restore");

    /**
     * Removes machine's settings.
     *
     * @param current the file on the node, if there is one
     * @param managed the part of it that machine set
     * @param original the file before machine, if there was one
     */
    public static DaemonUndo of(
            Optional<String> current, Optional<String> managed, Optional<String> original) {
        ObjectNode after = DaemonConfig.parse(current, EngineFiles.DAEMON_JSON);
        ObjectNode ours = DaemonConfig.parse(managed, EngineFiles.MANAGED);
        ObjectNode before = DaemonConfig.parse(original, EngineFiles.ORIGINAL);
        ALWAYS_OURS.forEach(key -> putBack(after, before, key));
        ours.path(DaemonConfig.MOVED)
                .properties()
                .forEach(moved -> takeOut(after, before, moved.getKey(), moved.getValue()));
        DaemonConfig.strings(ours.path("options")).forEach(key -> putBack(after, before, key));
        for (String key : List.of("labels", "registry-mirrors", "insecure-registries")) {
            List<String> added = DaemonConfig.strings(ours.path(key));
            List<String> first = DaemonConfig.strings(before.path(key));
            List<String> others =
                    DaemonConfig.strings(after.path(key)).stream()
                            .filter(entry -> !added.contains(entry))
                            .filter(entry -> !first.contains(entry))
                            .toList();
            putBack(after, before, key);
            if (!others.isEmpty()) {
                ArrayNode list = after.withArray(key);
                others.forEach(list::add);
            }
        }
        return new DaemonUndo(
                after.equals(before) ? Optional.empty() : Optional.of(DaemonConfig.text(after)));
    }

    /** Options that moved into the file go back to their command line. */
    private static void takeOut(ObjectNode after, ObjectNode before, String key, JsonNode value) {
        if (value.isArray() && after.get(key) instanceof ArrayNode list) {
            List<String> moved = DaemonConfig.strings(value);
            List<String> stay =
                    DaemonConfig.strings(list).stream().filter(it -> !moved.contains(it)).toList();
            ArrayNode left = after.putArray(key);
            stay.forEach(left::add);
        } else {
            putBack(after, before, key);
        }
    }

    private static void putBack(ObjectNode after, ObjectNode before, String key) {
        JsonNode value = before.get(key);
        if (value == null) {
            after.remove(key);
        } else {
            after.set(key, value);
        }
    }
}
