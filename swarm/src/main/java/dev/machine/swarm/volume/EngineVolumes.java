package dev.machine.swarm.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Volume;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls of the endpoint's own about the volumes of one engine; what they change is known at once.
 */
public final class EngineVolumes {
    /** Since this version {@code /system/df} can be asked for volumes alone. */
    private static final ApiVersion TYPED_USAGE = new ApiVersion(1, 42);

    /**
     * The deadline of calls that work on the disk, in deadlines of a list: an old board measures
     * its images, too.
     */
    private static final int DEADLINE_IN_LISTS = 12;

    private EngineVolumes() {}

    /**
     * How a volume is used.
     *
     * @param bytes that its files have; -1 if the engine does not know
     * @param containers that mount it, running or not
     */
    public record Usage(long bytes, int containers) {}

    /** Has a volume made, or says that the engine has one of this name. */
    static Answer create(EngineCache engine, Volume volume) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Name", volume.name()).put("Driver", volume.driver());
        ObjectNode options = body.putObject("DriverOpts");
        volume.options().forEach(options::put);
        ObjectNode labels = body.putObject("Labels");
        volume.labels().forEach(labels::put);
        return create(engine, body, ApiVersion.NEWEST);
    }

    /**
     * The same by the settings of a client.
     *
     * @param version that the client speaks
     */
    static Answer create(EngineCache engine, ObjectNode body, ApiVersion version)
            throws IOException {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            throw new IOException("the node has left the swarm");
        }
        Answer answer =
                engine.client()
                        .call(
                                EngineRequest.post(
                                        "/v" + facts.speak(version) + "/volumes/create", body),
                                deadline(engine));
        if (answer.status() == 201
                && !engine.volumes().created(Volume.of(ExactJson.read(answer.body())))) {
            engine.invalidateVolumes();
        }
        return answer;
    }

    /** Has a volume removed that no container uses. */
    public static Answer remove(EngineCache engine, String name) throws IOException {
        Answer answer =
                engine.client()
                        .call(
                                EngineRequest.delete(engine.path("/volumes/" + encoded(name))),
                                deadline(engine));
        removed(engine, name, answer.status());
        return answer;
    }

    /** The engine has answered so when it was asked to remove a volume. */
    public static void removed(EngineCache engine, String name, int status) {
        boolean gone = status == 204 || status == 404;
        if (!gone || !engine.volumes().removed(name)) {
            engine.invalidateVolumes();
        }
    }

    /** How the volumes of an engine are used, by name; it measures them for this. */
    public static Map<String, Usage> usage(EngineCache engine) throws IOException {
        EngineFacts facts = engine.status().facts();
        boolean typed = facts != null && facts.speak(ApiVersion.NEWEST).compareTo(TYPED_USAGE) >= 0;
        JsonNode answer =
                engine.get(typed ? "/system/df?type=volume" : "/system/df", deadline(engine));
        Map<String, Usage> usage = new HashMap<>();
        for (JsonNode volume : answer.path("Volumes")) {
            JsonNode data = volume.path("UsageData");
            usage.put(
                    volume.path("Name").asText(),
                    new Usage(data.path("Size").asLong(-1), data.path("RefCount").asInt(-1)));
        }
        return usage;
    }

    private static Duration deadline(EngineCache engine) {
        return engine.timings().list().multipliedBy(DEADLINE_IN_LISTS);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
