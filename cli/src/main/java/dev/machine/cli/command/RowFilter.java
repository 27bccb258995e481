package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** {@code ls --filter}: a row must match one value of each key, as in docker-machine. */
final class RowFilter {
    private final Map<String, List<Predicate<MachineRow>>> byKey = new TreeMap<>();

    RowFilter(List<String> filters) {
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            if (equals <= 0) {
                throw new MachineException(
                        "--filter takes KEY=VALUE, not \"" + filter + "\"",
                        "keys: driver, label, name, state, swarm",
                        ExitCode.USAGE);
            }
            String key = filter.substring(0, equals).toLowerCase(Locale.ROOT);
            byKey.computeIfAbsent(key, it -> new ArrayList<>())
                    .add(predicate(key, filter.substring(equals + 1)));
        }
    }

    /** Whether the machines must be asked for their states. */
    boolean needsState() {
        return byKey.containsKey("state");
    }

    boolean accepts(MachineRow row) {
        return byKey.values().stream()
                .allMatch(values -> values.stream().anyMatch(value -> value.test(row)));
    }

    private static Predicate<MachineRow> predicate(String key, String value) {
        return switch (key) {
            case "driver" -> row -> row.driver().equalsIgnoreCase(value);
            case "state" -> row -> row.state().equalsIgnoreCase(value);
            case "swarm" -> row -> row.master().equals(value);
            case "name" -> {
                LinearPattern pattern = pattern(value);
                yield row -> pattern.found(row.name());
            }
            case "label" -> {
                int equals = value.indexOf('=');
                String label = equals < 0 ? value : value.substring(0, equals);
                yield row ->
                        row.labels().containsKey(label)
                                && (equals < 0
                                        || value.substring(equals + 1)
                                                .equalsIgnoreCase(row.labels().get(label)));
            }
            default ->
                    throw new MachineException(
                            "unknown filter key \"" + key + "\"",
                            "keys: driver, label, name, state, swarm",
                            ExitCode.USAGE);
        };
    }

    private static LinearPattern pattern(String value) {
        try {
            return LinearPattern.compile(value);
        } catch (BadPatternException e) {
            throw new MachineException(
                    "\"" + value + "\" is not a regular expression: " + e.getMessage(),
                    null,
                    ExitCode.USAGE,
                    e);
        }
    }
}
