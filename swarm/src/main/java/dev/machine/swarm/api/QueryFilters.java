package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.JsonFault;
import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.match.MatchBudget;
import dev.machine.swarm.match.MatchBudget.SpentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The {@code filters} parameter: a JSON object of lists, or, from old clients, of objects whose
 * keys count (Engine API, "filters"). Values of one key are alternatives, but labels must all
 * match.
 */
final class QueryFilters {
    /** The largest number of values of all keys together. */
    private static final int MAX_VALUES = 1000;

    private final Map<String, List<String>> values = new HashMap<>();
    private final Map<String, List<Predicate<String>>> patterns = new HashMap<>();
    private final MatchBudget budget = new MatchBudget();

    /**
     * @throws HttpProblem 400 if it is not such an object, or has an unknown key
     */
    static QueryFilters of(RequestTarget target, Set<String> known) {
        QueryFilters filters = new QueryFilters();
        String text = target.parameter("filters");
        if (text == null || text.isBlank()) {
            return filters;
        }
        try {
            JsonNode root = LimitedJson.tree(text.getBytes(StandardCharsets.UTF_8));
            if (!root.isObject()) {
                throw new HttpProblem(400, "filters is not a JSON object");
            }
            root.properties().forEach(entry -> filters.add(entry.getKey(), entry.getValue()));
        } catch (IOException e) {
            String reason =
                    e instanceof JsonProcessingException json
                            ? JsonFault.words(json)
                            : e.getMessage();
            throw new HttpProblem(400, "filters is not JSON: " + reason);
        }
        if (filters.values.values().stream().mapToInt(List::size).sum() > MAX_VALUES) {
            throw new HttpProblem(400, "filters has more than " + MAX_VALUES + " values");
        }
        for (String key : filters.values.keySet()) {
            if (!known.contains(key)) {
                throw new HttpProblem(400, "invalid filter '" + key + "'");
            }
        }
        return filters;
    }

    private void add(String key, JsonNode given) {
        List<String> list = values.computeIfAbsent(key, k -> new ArrayList<>());
        if (given.isArray()) {
            given.forEach(value -> list.add(value.asText()));
        } else {
            given.properties()
                    .forEach(
                            entry -> {
                                if (entry.getValue().asBoolean(true)) {
                                    list.add(entry.getKey());
                                }
                            });
        }
    }

    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    boolean has(String key) {
        return !all(key).isEmpty();
    }

    /** Whether one of the values of a key is accepted, or the key has none. */
    boolean any(String key, Predicate<String> accepts) {
        List<String> wanted = all(key);
        return wanted.isEmpty() || wanted.stream().anyMatch(accepts);
    }

    /** Whether all labels that are asked for are present: {@code key} or {@code key=value}. */
    boolean labels(Map<String, String> labels) {
        return hasAll("label", labels);
    }

    /** Whether what has all labels of {@code label!}, if any, is left out. */
    boolean withoutLabels(Map<String, String> labels) {
        return !has("label!") || !hasAll("label!", labels);
    }

    private boolean hasAll(String filter, Map<String, String> labels) {
        return all(filter).stream().allMatch(wanted -> has(labels, wanted));
    }

    /** Whether a label is present: {@code key} or {@code key=value}. */
    static boolean has(Map<String, String> labels, String wanted) {
        int equals = wanted.indexOf('=');
        return equals < 0
                ? labels.containsKey(wanted)
                : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
    }

    /**
     * Whether one of the regular expressions of a key is found in one of the texts, or the key has
     * none. A value that is not a regular expression is searched for as text.
     *
     * @throws SpentException if that is more work than one request may cause
     */
    boolean found(String key, List<String> texts) {
        List<Predicate<String>> wanted = patterns.computeIfAbsent(key, this::patterns);
        return wanted.isEmpty()
                || wanted.stream().anyMatch(pattern -> texts.stream().anyMatch(pattern));
    }

    private List<Predicate<String>> patterns(String key) {
        return all(key).stream().map(this::pattern).toList();
    }

    private Predicate<String> pattern(String expression) {
        try {
            LinearPattern pattern = LinearPattern.compile(expression);
            return LinearPattern.quote(expression).equals(expression)
                    ? text -> text.contains(expression)
                    : text -> budget.found(pattern, text);
        } catch (BadPatternException e) {
            return text -> text.contains(expression);
        }
    }

    /**
     * A value that is yes or no; no if it is not given.
     *
     * @throws HttpProblem 400 if it is neither
     */
    boolean flag(String key) {
        boolean yes = false;
        for (String value : all(key)) {
            switch (value) {
                case "1", "true" -> yes = true;
                case "0", "false" -> {}
                default -> throw new HttpProblem(400, "invalid filter '" + key + "=" + value + "'");
            }
        }
        return yes;
    }

    /** The budget for other matching of this request. */
    MatchBudget budget() {
        return budget;
    }
}
