package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.EngineStatus;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RawStream;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Passes a client's call to an engine, and the engine's answer to the client. */
final class EngineProxy {
    /** Any number with so many decimal digits fits into a long. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private EngineProxy() {}

    /** Passes a call on, under another path, and answers what the engine answers. */
    static Response pass(EngineCache engine, Call call, String path) {
        return relay(send(engine, call, path));
    }

    /**
     * The same for a call that may take its connection over, as attach and the start of an exec.
     * The engine is asked for what the client asks for, {@code Upgrade: tcp} or the older form
     * without it, and its answer says whether raw bytes follow.
     */
    static Response hijack(EngineCache engine, Call call, String path) {
        Headers asked = call.request().headers();
        Headers sent = asked.endToEnd();
        String protocol = asked.first("Upgrade");
        if (protocol != null && asked.hasToken("Connection", "Upgrade")) {
            sent = sent.with("Connection", "Upgrade").with("Upgrade", protocol);
        }
        EngineReply reply = send(engine, call, path, sent);
        RawStream raw = reply.raw();
        return raw == null
                ? relay(reply)
                : new Response(reply.status(), reply.headers().endToEnd(), new Response.Raw(raw));
    }

    /**
     * Sends a call to an engine, unchanged but for its path.
     *
     * @throws HttpProblem 503 if the node is known not to answer, 502 if it fails now
     */
    static EngineReply send(EngineCache engine, Call call, String path) {
        return send(engine, call, path, call.request().headers().endToEnd());
    }

    private static EngineReply send(EngineCache engine, Call call, String path, Headers headers) {
        EngineStatus status = engine.status();
        EngineFacts facts = status.facts();
        if (!status.healthy() || facts == null) {
            throw new HttpProblem(
                    503, "node " + engine.name() + " does not answer: " + status.trouble());
        }
        String query = call.target().rawQuery();
        String full =
                "/v" + facts.speak(call.version()) + path + (query == null ? "" : "?" + query);
        try {
            return engine.client()
                    .send(
                            new EngineRequest(
                                    call.request().method(),
                                    full,
                                    headers,
                                    call.request().body(),
                                    call.request().cancellation()));
        } catch (IOException e) {
            throw unanswered(engine, e.getMessage());
        }
    }

    /** An engine's answer as the answer to the client. */
    static Response relay(EngineReply reply) {
        Headers headers = reply.headers().endToEnd();
        if (reply.length() == 0) {
            String length = reply.headers().first("Content-Length");
            return new Response(
                    reply.status(),
                    headers,
                    length == null || !isLength(length)
                            ? new Response.Empty()
                            : new Response.Relay(reply.body(), Long.parseLong(length), reply));
        }
        return new Response(
                reply.status(), headers, new Response.Relay(reply.body(), reply.length(), reply));
    }

    /** RFC 9110 section 8.6 allows digits only; Java's parser would accept more. */
    private static boolean isLength(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The answer to the client if a node has failed to answer. */
    static HttpProblem unanswered(EngineCache engine, @Nullable String reason) {
        return new HttpProblem(502, "node " + engine.name() + " did not answer: " + reason);
    }

    /** A name as part of a path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%40", "@");
    }
}
