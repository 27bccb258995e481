package dev.machine.swarm.api;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of the API: literal segments, one <code>*</code> for a name, or one <code>**</code>
 * for a name with slashes in it.
 */
record Route(Set<String> methods, List<String> pattern, Action action, Body body) {
    /** Bytes of a body that a handler gets as a whole. */
    static final int MOST_BODY = 4 << 20;

    /** What is done about a request's body before its handler is called. */
    enum Body {
        /**
         * It is read first, all of it: what a handler and its engines get is there, whether they
         * read it, and however often, and what follows it on the connection is no part of it.
         */
        WHOLE,
        /** The call has none: whatever comes is read and dropped. */
        DROPPED,
        /** The handler gets it as it comes; it may be of any size. */
        STREAMED
    }

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
    record Call(Request request, RequestTarget target, String name, ApiVersion version) {
        /** The same call with another body. */
        Call with(RequestBody body) {
            return new Call(request.with(body), target, name, version);
        }
    }

    static Route of(String methods, String pattern, Action action) {
        Set<String> set = Set.of(methods.split("\\|"));
        return new Route(
                set,
                List.of(pattern.substring(1).split("/")),
                action,
                set.contains("POST") || set.contains("PUT") ? Body.WHOLE : Body.DROPPED);
    }

    /** The same, with its body taken in another way. */
    Route body(Body other) {
        return new Route(methods, pattern, action, other);
    }

    /** Answers a request that it has matched. */
    Response answer(Call call) throws IOException {
        Request request = call.request();
        return action.answer(
                switch (body) {
                    case STREAMED -> call;
                    case WHOLE -> call.with(RequestBody.of(request.body().whole(MOST_BODY)));
                    case DROPPED -> {
                        request.body().drop(MOST_BODY);
                        yield call.with(RequestBody.none());
                    }
                });
    }

    /**
     * The name in the target, an empty text if the pattern has none, or null if it does not match.
     */
    @Nullable String match(String method, RequestTarget target) {
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
