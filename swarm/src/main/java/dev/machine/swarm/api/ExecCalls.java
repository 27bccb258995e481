package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.JsonFault;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands in running containers. */
final class ExecCalls {
    private static final JsonFactory JSON = LimitedJson.factory();

    private final ContainerLocator containers;
    private final ExecLocator execs;

    ExecCalls(ContainerLocator containers, ExecLocator execs) {
        this.containers = containers;
        this.execs = execs;
    }

    Response create(Call call) {
        Located located = containers.find(call.name());
        EngineCache engine = located.engine();
        String path = "/containers/" + located.container().id() + "/exec";
        try (EngineReply reply = EngineProxy.send(engine, call, path)) {
            byte[] body = reply.whole(call.request().share());
            if (reply.status() == 201) {
                JsonNode id = LimitedJson.tree(body).path("Id");
                execs.remember(id.asText(), engine);
            }
            return Response.json(reply.status(), body);
        } catch (IOException e) {
            throw EngineProxy.unanswered(engine, e.getMessage());
        }
    }

    Response pass(Call call) {
        EngineCache engine = execs.find(call.name());
        return EngineProxy.pass(
                engine, call, "/exec/" + call.name() + "/" + call.target().rawSegments().getLast());
    }

    /**
     * Passes on the settings alone: an engine reads one JSON value and takes what follows it for
     * the command's input.
     */
    Response start(Call call) throws IOException {
        EngineCache engine = execs.find(call.name());
        byte[] settings = one(call.request().body().whole(Route.MAX_BODY_BYTES));
        return EngineProxy.hijack(
                engine, call.with(RequestBody.of(settings)), "/exec/" + call.name() + "/start");
    }

    /** Scans the text without building a tree, which would take many times its bytes. */
    private static boolean isOneValue(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != null) {
                parser.skipChildren();
            }
            return parser.nextToken() == null;
        }
    }

    private static byte[] one(byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            if (!isOneValue(text)) {
                throw new HttpProblem(
                        400, "the settings of an exec must be one JSON object, but more was sent");
            }
        } catch (JsonProcessingException e) {
            throw new HttpProblem(
                    400, "the settings of an exec must be one JSON object: " + JsonFault.words(e));
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
