package dev.machine.cli.command.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.cli.output.Column;
import dev.machine.swarm.api.StatusKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One node of a swarm as {@code swarm status} shows it, read from the {@code SystemStatus} of
 * {@code /info} with {@link StatusKey}. Unknown details are skipped, missing ones are empty.
 */
record NodeRow(String name, String address, Map<StatusKey, String> details) {
    static final List<Column<NodeRow>> COLUMNS =
            List.of(
                    Column.of("NODE", "Node", "node", NodeRow::name),
                    Column.of("ADDRESS", "Address", "address", NodeRow::address),
                    detail("STATUS", "Status", "status", StatusKey.STATUS),
                    detail("PLATFORM", "Platform", "platform", StatusKey.PLATFORM),
                    detail("CONTAINERS", "Containers", "containers", StatusKey.CONTAINERS),
                    shares("CPUS", "CPUs", "cpus", StatusKey.RESERVED_CPUS),
                    shares("MEMORY", "Memory", "memory", StatusKey.RESERVED_MEMORY),
                    detail("ENGINE", "Engine", "engine", StatusKey.SERVER_VERSION),
                    detail("ERROR", "Error", "error", StatusKey.ERROR),
                    detail("", "Labels", "labels", StatusKey.LABELS));

    private NodeRow(String name, String address) {
        this(name, address, new EnumMap<>(StatusKey.class));
    }

    private static Column<NodeRow> detail(
            String title, String field, String key, StatusKey detail) {
        return Column.of(title, field, key, row -> row.detail(detail));
    }

    private static Column<NodeRow> shares(
            String title, String field, String key, StatusKey detail) {
        return new Column<>(
                title, field, key, row -> row.detail(detail), row -> shares(row.detail(detail)));
    }

    /** All nodes, in the order of {@code docker info}. */
    static List<NodeRow> of(JsonNode info) {
        List<NodeRow> rows = new ArrayList<>();
        for (JsonNode pair : info.path("SystemStatus")) {
            String key = pair.path(0).asText("");
            String value = pair.path(1).asText("");
            StatusKey.node(key).ifPresent(name -> rows.add(new NodeRow(name, value)));
            if (!rows.isEmpty()) {
                StatusKey.detail(key)
                        .ifPresent(detail -> rows.getLast().details.put(detail, value));
            }
        }
        return rows;
    }

    private String detail(StatusKey key) {
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
