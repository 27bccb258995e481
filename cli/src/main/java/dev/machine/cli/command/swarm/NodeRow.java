package dev.machine.cli.command.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One node of a swarm as {@code swarm status} shows it, read from the {@code SystemStatus} of
 * {@code /info}: pairs of a key and a value, where a node's key is indented by one blank and its
 * details follow with a corner. Details that are not known here are skipped, missing ones empty.
 */
record NodeRow(String name, String address, Map<String, String> details) {
    private static final String CORNER = "└";

    /** Column titles by template field. */
    static final Map<String, String> TITLES = titles();

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("Node", "NODE");
        titles.put("Address", "ADDRESS");
        titles.put("Status", "STATUS");
        titles.put("Platform", "PLATFORM");
        titles.put("Containers", "CONTAINERS");
        titles.put("CPUs", "CPUS");
        titles.put("Memory", "MEMORY");
        titles.put("Engine", "ENGINE");
        titles.put("Error", "ERROR");
        return Collections.unmodifiableMap(titles);
    }

    /** All nodes, in the order of {@code docker info}. */
    static List<NodeRow> of(JsonNode info) {
        List<NodeRow> rows = new ArrayList<>();
        for (JsonNode pair : info.path("SystemStatus")) {
            String key = pair.path(0).asText("");
            String value = pair.path(1).asText("");
            int corner = key.indexOf(CORNER);
            if (corner >= 0 && !rows.isEmpty()) {
                rows.getLast().details.put(key.substring(corner + 1).strip(), value);
            } else if (corner < 0 && key.startsWith(" ")) {
                rows.add(new NodeRow(key.strip(), value, new LinkedHashMap<>()));
            }
        }
        return rows;
    }

    private String detail(String key) {
        return details.getOrDefault(key, "");
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Node", name);
        fields.put("Address", address);
        fields.put("Status", detail("Status"));
        fields.put("Platform", detail("Platform"));
        fields.put("Containers", detail("Containers"));
        fields.put("CPUs", detail("Reserved CPUs"));
        fields.put("Memory", detail("Reserved Memory"));
        fields.put("Engine", detail("ServerVersion"));
        fields.put("Error", detail("Error"));
        fields.put("Labels", detail("Labels"));
        return fields;
    }

    /** The same for JSON and YAML. */
    Map<String, Object> structured() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("node", name);
        keys.put("address", address);
        keys.put("status", detail("Status"));
        keys.put("platform", detail("Platform"));
        keys.put("containers", detail("Containers"));
        keys.put("cpus", shares(detail("Reserved CPUs")));
        keys.put("memory", shares(detail("Reserved Memory")));
        keys.put("engine", detail("ServerVersion"));
        keys.put("error", detail("Error"));
        keys.put("labels", detail("Labels"));
        return keys;
    }

    private static Map<String, String> shares(String text) {
        int slash = text.indexOf(" / ");
        Map<String, String> shares = new LinkedHashMap<>();
        shares.put("reserved", slash < 0 ? text : text.substring(0, slash));
        shares.put("total", slash < 0 ? "" : text.substring(slash + 3));
        return shares;
    }
}
