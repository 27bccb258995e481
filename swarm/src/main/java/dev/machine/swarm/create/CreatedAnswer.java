package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to the client when its container exists.
 *
 * @param warnings of the endpoint, in addition to those of the engine
 */
record CreatedAnswer(List<String> warnings) {
    /** The same with more warnings. */
    CreatedAnswer and(List<String> more) {
        return new CreatedAnswer(Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /** From the engine's own answer. */
    Response of(byte[] engineAnswer) {
        try {
            return !warnings.isEmpty() && ExactJson.read(engineAnswer) instanceof ObjectNode json
                    ? withWarnings(json)
                    : Response.json(201, engineAnswer);
        } catch (IOException e) {
            // An answer that is not JSON has no place for warnings.
            return Response.json(201, engineAnswer);
        }
    }

    /** For a container whose engine's answer was lost. */
    Response of(String id) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("Id", id).putArray("Warnings");
        try {
            return withWarnings(answer);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Response withWarnings(ObjectNode answer) throws IOException {
        if (!warnings.isEmpty()) {
            ArrayNode all =
                    answer.get("Warnings") instanceof ArrayNode there
                            ? there
                            : answer.putArray("Warnings");
            warnings.forEach(all::add);
        }
        return Response.json(201, ExactJson.write(answer));
    }
}
