package dev.machine.provisioning.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The change of one key of daemon.json on one line. */
final class KeyDiff {
    private KeyDiff() {}

    /**
     * Describes what is added and removed.
     *
     * @param before missing if the key is new
     * @param after missing if the key is removed
     */
    static String text(String key, JsonNode before, JsonNode after) {
        List<String> words = new ArrayList<>();
        List<String> old = items(before);
        List<String> next = items(after);
        old.stream().filter(item -> !next.contains(item)).forEach(item -> words.add("-" + item));
        next.stream().filter(item -> !old.contains(item)).forEach(item -> words.add("+" + item));
        return key + (words.isEmpty() ? " (other order)" : " (" + String.join(" ", words) + ")");
    }

    private static List<String> items(JsonNode value) {
        List<String> items = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(item -> items.add(item.asText()));
        } else if (!value.isMissingNode()) {
            items.add(value.isValueNode() ? value.asText() : value.toString());
        }
        return items;
    }
}
