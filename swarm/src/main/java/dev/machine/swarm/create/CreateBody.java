package dev.machine.swarm.create;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.JsonFault;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.image.ImageName;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a container as the client sent them. Fields that the endpoint does not know stay
 * as they are.
 */
final class CreateBody {
    private static final int MAX_BODY_BYTES = 2 << 20;

    private final ObjectNode json;

    private CreateBody(ObjectNode json) {
        this.json = json;
    }

    static CreateBody read(Request request) throws IOException {
        byte[] bytes = request.body().whole(MAX_BODY_BYTES);
        request.share().takeTree(bytes.length);
        return parse(bytes);
    }

    static CreateBody parse(byte[] bytes) {
        try {
            if (ExactJson.read(bytes) instanceof ObjectNode json) {
                CreateBody body = new CreateBody(json);
                if (body.image().isBlank()) {
                    throw new HttpProblem(400, "the request names no image");
                }
                String problem = ImageName.problem(body.image());
                if (problem != null) {
                    throw new HttpProblem(400, problem);
                }
                return body;
            }
            throw new HttpProblem(400, "the settings of a container must be a JSON object");
        } catch (JsonProcessingException e) {
            throw new HttpProblem(
                    400, "the settings of the container are not valid JSON: " + JsonFault.words(e));
        } catch (IOException e) {
            // The bytes break the rules of their own encoding, such as UTF-32.
            throw new HttpProblem(
                    400, "the settings of the container are not valid JSON: " + e.getMessage());
        }
    }

    ObjectNode json() {
        return json;
    }

    /** The name as the client wrote it. */
    String image() {
        return json.path("Image").asText("");
    }

    Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        json.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    void label(String key, String value) {
        ObjectNode labels =
                json.get("Labels") instanceof ObjectNode there ? there : json.putObject("Labels");
        labels.put(key, value);
    }

    /**
     * What one engine is asked for.
     *
     * @param extra networks that it is connected to after the create
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ForEngine(byte[] settings, ExtraNetworks extra) {}

    /**
     * The settings for one engine, with its name of the image.
     *
     * @param client the version that the client speaks
     * @param version that the engine is spoken to in
     */
    ForEngine forEngine(String image, ApiVersion client, ApiVersion version) throws IOException {
        ObjectNode copy = json.deepCopy();
        copy.put("Image", image);
        ExtraNetworks extra = ExtraNetworks.takeFrom(copy, client, version);
        MacAddress.adapt(copy, version);
        return new ForEngine(ExactJson.write(copy), extra);
    }
}
