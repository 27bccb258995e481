package dev.machine.swarm.api;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of the Engine API and how it is answered.
 *
 * @param pattern the segments of its path: literal ones, one <code>*</code> for a name, or one
 *     <code>**</code> for a name that may contain slashes
 * @param hijacks whether the connection may become a raw stream in both directions
 */
record Route(
        Set<String> methods, List<String> pattern, Handling handling, Body body, boolean hijacks) {
    /** The largest body that a handler gets as a whole. */
    static final int MAX_BODY_BYTES = 4 << 20;

    /** How a call is answered. */
    sealed interface Handling {}

    /** By a handler. */
    record Served(AnsweredBy by, Action action) implements Handling {}

    /** With an error, before the body is read: that may be a whole image. */
    record Refused(int status, Unsupported why) implements Handling {}

    /** Where the content of an answer comes from. */
    enum AnsweredBy {
        ENDPOINT,
        ONE_NODE,
        ALL_NODES
    }

    /** What is done about a request's body before its handler is called. */
    enum Body {
        /**
         * It is read as a whole first. So the handler and its engines can read it any number of
         * times, or not at all, and it never mixes with what follows on the connection.
         */
        WHOLE,
        /** The call has none: a body that comes nevertheless is read and dropped. */
        DROPPED,
        /** The handler reads it as it arrives; it may be of any size. */
        STREAMED
    }

    /** Answers a request whose target no longer begins with a version. */
    @FunctionalInterface
    interface Action {
        Response answer(Call call) throws IOException;
    }

    /**
     * A request that a route has matched.
     *
     * @param name what the pattern's star matched, decoded; empty if it has none
     */
    record Call(Request request, RequestTarget target, String name, ApiVersion version) {
        /** The same call with another query, in its encoded form. */
        Call asking(String query) {
            RequestTarget other = new RequestTarget(target.rawSegments(), query);
            return new Call(request, other, name, version);
        }

        /** The same call with another body. */
        Call with(RequestBody body) {
            return new Call(request.with(body), target, name, version);
        }

        /** The same call with another target. */
        Call with(RequestTarget other) {
            return new Call(request, other, name, version);
        }
    }

    /** A call that is served; only the bodies of POST and PUT are kept. */
    static Route of(String methods, String path, AnsweredBy by, Action action) {
        Set<String> set = Set.of(methods.split("\\|"));
        Body body = set.contains("POST") || set.contains("PUT") ? Body.WHOLE : Body.DROPPED;
        return new Route(set, segments(path), new Served(by, action), body, false);
    }

    /** A call that is answered with an error. */
    static Route refused(String methods, String path, int status, Unsupported why) {
        return new Route(
                Set.of(methods.split("\\|")),
                segments(path),
                new Refused(status, why),
                Body.STREAMED,
                false);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/"));
    }

    /** The same route, with its body treated in another way. */
    Route body(Body other) {
        return new Route(methods, pattern, handling, other, hijacks);
    }

    /** The same route for a call that may take its connection over. */
    Route hijacking() {
        return new Route(methods, pattern, handling, body, true);
    }

    /** The pattern as one text. */
    String path() {
        return "/" + String.join("/", pattern);
    }

    /** Answers a request that this route has matched. */
    Response answer(Call call) throws IOException {
        return switch (handling) {
            case Served(_, Action action) -> action.answer(withBody(call));
            case Refused(int status, Unsupported why) ->
                    throw new HttpProblem(status, why.sentence(this));
        };
    }

    private Call withBody(Call call) throws IOException {
        RequestBody given = call.request().body();
        return switch (body) {
            case STREAMED -> call;
            case WHOLE -> call.with(RequestBody.of(given.whole(MAX_BODY_BYTES)));
            case DROPPED -> {
                given.drop(MAX_BODY_BYTES);
                yield call.with(RequestBody.none());
            }
        };
    }

    /** The name in a path, an empty text if the pattern has none, or null if it does not match. */
    @Nullable String match(RequestTarget target) {
        List<String> path = target.rawSegments();
        int further = path.size() - pattern.size();
        if (further < 0 || (further > 0 && !pattern.contains("**"))) {
            return null;
        }
        int begin = beginOfName();
        int rest = Math.min(begin + 1, pattern.size());
        int end = rest + further;
        if (!path.subList(0, begin).equals(pattern.subList(0, begin))
                || !path.subList(end, path.size()).equals(pattern.subList(rest, pattern.size()))) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        for (int i = begin; i < end; i++) {
            name.append(name.isEmpty() ? "" : "/").append(target.segment(i));
        }
        return begin < end && name.isEmpty() ? null : name.toString();
    }

    private int beginOfName() {
        int begin = 0;
        while (begin < pattern.size() && !pattern.get(begin).startsWith("*")) {
            begin++;
        }
        return begin;
    }
}
