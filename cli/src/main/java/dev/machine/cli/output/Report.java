package dev.machine.cli.output;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The output of a command that lists something, in the form that {@code --format} or {@code -o}
 * names.
 *
 * @param titles column title by template field, in the order of the table
 * @param rows one map of template fields a row; the values are text
 * @param structured the rows of JSON and YAML, whose keys must not change
 */
public record Report(
        Map<String, String> titles,
        List<Map<String, Object>> rows,
        List<Map<String, Object>> structured) {

    /** A report that shows the same rows in every form. */
    public static <T> Report of(List<Column<T>> columns, List<T> rows) {
        Map<String, String> titles = new LinkedHashMap<>();
        for (Column<T> column : columns) {
            if (!column.title().isEmpty()) {
                titles.put(column.field(), column.title());
            }
        }
        return new Report(
                titles,
                cells(columns, rows, Column::field, Column::text),
                cells(columns, rows, Column::key, Column::value));
    }

    /** The same table with other rows in JSON and YAML. */
    public Report withStructured(List<Map<String, Object>> other) {
        return new Report(titles, rows, other);
    }

    private static <T> List<Map<String, Object>> cells(
            List<Column<T>> columns,
            List<T> rows,
            Function<Column<T>, String> name,
            Function<Column<T>, Function<T, @Nullable Object>> getter) {
        List<Map<String, Object>> cells = new ArrayList<>();
        for (T row : rows) {
            Map<String, Object> cellsOfRow = new LinkedHashMap<>();
            for (Column<T> column : columns) {
                if (!name.apply(column).isEmpty()) {
                    cellsOfRow.put(name.apply(column), getter.apply(column).apply(row));
                }
            }
            cells.add(cellsOfRow);
        }
        return cells;
    }

    /** Renders the list; {@code name} is the field that {@code -o name} prints. */
    public String render(Optional<String> format, Optional<String> output, String name) {
        if (format.isPresent()) {
            return formatted(format.get());
        }
        return switch (output.orElse("table")) {
            case "table" -> table(List.copyOf(titles.keySet()));
            case "json" -> Structured.prettyJson(structured) + "\n";
            case "yaml" -> Structured.yaml(structured);
            case "name" -> names(name);
            default ->
                    throw new MachineException(
                            "-o takes table, json, yaml or name, not \"" + output.get() + "\"",
                            null,
                            ExitCode.USAGE);
        };
    }

    private String formatted(String format) {
        if (format.equals("json")) {
            return Structured.json(structured) + "\n";
        }
        if (format.equals("prettyjson")) {
            return Structured.prettyJson(structured) + "\n";
        }
        if (format.startsWith("table")) {
            String template = format.substring("table".length()).strip();
            return template.isEmpty()
                    ? table(List.copyOf(titles.keySet()))
                    : aligned(GoTemplate.parse(template));
        }
        GoTemplate template = GoTemplate.parse(format);
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> row : rows) {
            text.append(template.render(row, GoTemplate.Missing.ERROR)).append('\n');
        }
        return text.toString();
    }

    private String aligned(GoTemplate template) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(template.header(titles).split("\t", -1)));
        for (Map<String, Object> row : rows) {
            lines.add(List.of(template.render(row, GoTemplate.Missing.ERROR).split("\t", -1)));
        }
        return Table.render(lines);
    }

    private String table(List<String> fields) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.copyOf(titles.values()));
        for (Map<String, Object> row : rows) {
            lines.add(fields.stream().map(field -> String.valueOf(row.get(field))).toList());
        }
        return Table.render(lines);
    }

    private String names(String field) {
        StringBuilder text = new StringBuilder();
        rows.forEach(
                row -> text.append(Printable.line(String.valueOf(row.get(field)))).append('\n'));
        return text.toString();
    }
}
