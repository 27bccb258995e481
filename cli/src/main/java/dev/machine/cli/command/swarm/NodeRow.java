package dev.machine.cli.command.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.cli.output.Column;
import java.util.ArrayList;
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

    static final List<Column<NodeRow>> COLUMNS =
            List.of(
                    Column.of("NODE", "Node", "node", NodeRow::name),
                    Column.of("ADDRESS", "Address", "address", NodeRow::address),
                    detail("STATUS", "Status", "status", "Status"),
                    detail("PLATFORM", "Platform", "platform", "Platform"),
                    detail("CONTAINERS", "Containers", "containers", "Containers"),
                    shares("CPUS", "CPUs", "cpus", "Reserved CPUs"),
                    shares("MEMORY", "Memory", "memory", "Reserved Memory"),
                    detail("ENGINE", "Engine", "engine", "ServerVersion"),
                    detail("ERROR", "Error", "error", "Error"),
                    detail("", "Labels", "labels", "Labels"));

    private static Column<NodeRow> detail(String title, String field, String key, String detail) {
        return Column.of(title, field, key, row -> row.detail(detail));
    }

    private static Column<NodeRow> shares(String title, String field, String key, String detail) {
        return new Column<>(
                title, field, key, row -> row.detail(detail), row -> shares(row.detail(detail)));
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

    private static Map<String, String> shares(String text) {
        int slash = text.indexOf(" / ");
        Map<String, String> shares = new LinkedHashMap<>();
        shares.put("reserved", slash < 0 ? text : text.substring(0, slash));
        shares.put("total", slash < 0 ? "" : text.substring(slash + 3));
        return shares;
    }
}
