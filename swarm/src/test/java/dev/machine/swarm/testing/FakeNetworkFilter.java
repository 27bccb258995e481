package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The filters of a list or prune of networks (moby, daemon/network/filter.go). */
final class FakeNetworkFilter implements Predicate<FakeNetwork> {
    private final JsonNode filters;
    private final Predicate<FakeNetwork> used;

    FakeNetworkFilter(JsonNode filters, Predicate<FakeNetwork> used) {
        this.filters = filters;
        this.used = used;
    }

    @Override
    public boolean test(FakeNetwork network) {
        return any("name", network.name, FakeNetworkFilter::found)
                && any("id", network.id, FakeNetworkFilter::found)
                && any("driver", network.driver, String::equals)
                && any("scope", "local", String::equals)
                && any("type", network.predefined() ? "builtin" : "custom", String::equals)
                && any("dangling", "" + dangling(network), String::equals)
                && values("label").stream().allMatch(label -> has(network, label))
                && (values("label!").isEmpty()
                        || !values("label!").stream().allMatch(label -> has(network, label)));
    }

    private boolean dangling(FakeNetwork network) {
        return !network.predefined() && !used.test(network);
    }

    private boolean any(String key, String actual, BiPredicate<String, String> rule) {
        List<String> values = values(key);
        return values.isEmpty() || values.stream().anyMatch(value -> rule.test(value, actual));
    }

    private static boolean found(String pattern, String actual) {
        return Pattern.compile(pattern).matcher(actual).find();
    }

    private static boolean has(FakeNetwork network, String label) {
        String[] parts = label.split("=", 2);
        JsonNode value = network.labels().path(parts[0]);
        return value.isTextual() && (parts.length == 1 || value.asText().equals(parts[1]));
    }

    /** Lists, or objects whose keys count. */
    private List<String> values(String key) {
        List<String> values = new ArrayList<>();
        JsonNode given = filters.path(key);
        if (given.isObject()) {
            given.fieldNames().forEachRemaining(values::add);
        } else {
            given.forEach(value -> values.add(value.asText()));
        }
        return values;
    }
}
