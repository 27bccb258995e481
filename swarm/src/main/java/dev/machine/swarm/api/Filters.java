package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The {@code filters} parameter: a JSON object of lists, or, from old clients, of objects whose
 * keys count (Engine API, "filters"). Values of one key are alternatives, but labels must all
 * match.
 */
final class Filters {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<String>> values = new HashMap<>();

    /**
     * @throws HttpProblem 400 if it is not such an object, or has a key that is not known here
     */
    static Filters of(Target target, Set<String> known) {
        Filters filters = new Filters();
        String text = target.parameter("filters");
        if (text == null || text.isBlank()) {
            return filters;
        }
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new HttpProblem(400, "filters is not a JSON object");
            }
            root.properties().forEach(entry -> filters.add(entry.getKey(), entry.getValue()));
        } catch (JsonProcessingException e) {
            throw new HttpProblem(400, "filters is not JSON: " + e.getOriginalMessage());
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

    /** Whether one of the values of a key is accepted, or none is given. */
    boolean any(String key, Predicate<String> accepts) {
        List<String> wanted = all(key);
        return wanted.isEmpty() || wanted.stream().anyMatch(accepts);
    }

    /** Whether all labels asked for are there: {@code key} or {@code key=value}. */
    boolean labels(Map<String, String> labels) {
        return all("label").stream()
                .allMatch(
                        wanted -> {
                            int equals = wanted.indexOf('=');
                            return equals < 0
                                    ? labels.containsKey(wanted)
                                    : wanted.substring(equals + 1)
                                            .equals(labels.get(wanted.substring(0, equals)));
                        });
    }

    /**
     * Whether a regular expression is found in a text; one that is none is searched as it stands.
     */
    static boolean found(String expression, String text) {
        try {
            return Pattern.compile(expression).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return text.contains(expression);
        }
    }
}
