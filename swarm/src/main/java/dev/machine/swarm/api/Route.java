package dev.machine.swarm.api;

import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.http.Target;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of the API: literal segments, one <code>*</code> for a name, or one <code>**</code>
 * for a name with slashes in it.
 */
record Route(Set<String> methods, List<String> pattern, Action action) {
    /** Answers a request whose target has no version any more. */
    @FunctionalInterface
    interface Action {
        Response answer(Call call) throws IOException;
    }

    /**
     * A request that a route has matched.
     *
     * @param name what stood for the pattern's star, decoded; empty if it has none
     */
    record Call(
            Request request,
            Target target,
            String name,
            dev.machine.swarm.engine.ApiVersion version) {}

    static Route of(String methods, String pattern, Action action) {
        return new Route(
                Set.of(methods.split("\\|")), List.of(pattern.substring(1).split("/")), action);
    }

    /**
     * The name in the target, an empty text if the pattern has none, or null if it does not match.
     */
    @Nullable String match(String method, Target target) {
        if (!methods.contains(method)) {
            return null;
        }
        int open = pattern.indexOf("**");
        int size = target.rawSegments().size();
        if (open < 0 ? size != pattern.size() : size < pattern.size()) {
            return null;
        }
        int tail = open < 0 ? 0 : pattern.size() - open - 1;
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < size; i++) {
            String expected =
                    open >= 0 && i >= open && i < size - tail
                            ? "**"
                            : pattern.get(
                                    open >= 0 && i >= size - tail ? i - size + pattern.size() : i);
            if (expected.startsWith("*")) {
                name.append(name.isEmpty() ? "" : "/").append(target.segment(i));
            } else if (!expected.equals(target.rawSegments().get(i))) {
                return null;
            }
        }
        return pattern.stream().anyMatch(part -> part.startsWith("*")) && name.isEmpty()
                ? null
                : name.toString();
    }
}
