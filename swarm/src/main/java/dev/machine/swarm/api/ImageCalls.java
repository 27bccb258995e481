package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.FanOutCall.Answer;
import dev.machine.swarm.api.ImageLocator.NodeImage;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Calls that change images: each goes to all nodes that have the image, but a push to one. */
final class ImageCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;
    private final ImageLocator locator;

    ImageCalls(Cluster cluster, SwarmImages images) {
        this.cluster = cluster;
        this.locator = new ImageLocator(cluster, images);
    }

    Response tag(Call call) {
        FanOutCall calls = new FanOutCall(call);
        for (NodeImage held : locator.find(call.name())) {
            calls.ask(held.engine(), ImageLocator.path(held.names().getFirst()) + "/tag");
        }
        changed(calls.all());
        return Response.empty(201);
    }

    Response remove(Call call) throws IOException {
        FanOutCall calls = new FanOutCall(call);
        for (NodeImage held : locator.find(call.name())) {
            held.names().forEach(name -> calls.ask(held.engine(), ImageLocator.path(name)));
        }
        ArrayNode removed = JsonNodeFactory.instance.arrayNode();
        Set<String> known = new HashSet<>();
        for (Answer answer : changed(calls.all())) {
            tree(answer).forEach(line -> addOnce(removed, known, line));
        }
        return Response.json(200, JSON.writeValueAsBytes(removed));
    }

    Response prune(Call call) throws IOException {
        FanOutCall calls = new FanOutCall(call);
        cluster.engines().stream()
                .filter(engine -> engine.status().healthy())
                .forEach(engine -> calls.ask(engine, "/images/prune"));
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        ArrayNode removed = sum.putArray("ImagesDeleted");
        Set<String> known = new HashSet<>();
        long space = 0;
        for (Answer answer : changed(calls.all())) {
            JsonNode one = tree(answer);
            one.path("ImagesDeleted").forEach(line -> addOnce(removed, known, line));
            space += one.path("SpaceReclaimed").asLong();
        }
        sum.put("SpaceReclaimed", space);
        return Response.json(200, JSON.writeValueAsBytes(sum));
    }

    private static List<Answer> changed(List<Answer> answers) {
        answers.forEach(answer -> answer.engine().invalidateImages());
        return FanOutCall.good(answers);
    }

    private static JsonNode tree(Answer answer) throws IOException {
        return LimitedJson.tree(answer.bytes());
    }

    /**
     * Compares the texts of the lines, because a set of texts stays fast whatever an engine sends.
     */
    private static void addOnce(ArrayNode all, Set<String> known, JsonNode line) {
        if (known.add(line.toString())) {
            all.add(line);
        }
    }

    /**
     * Pushes an image under its own name only: names that a rule makes do not belong to the user.
     */
    Response push(Call call) {
        ImageName name = ImageName.parse(call.name());
        if (name == null) {
            throw new HttpProblem(400, "invalid reference format: " + call.name());
        }
        String tag = call.target().parameter("tag");
        String wanted = (tag == null || tag.isEmpty() ? name : name.at(tag)).familiar();
        cluster.awaitFresh();
        for (EngineCache engine : cluster.engines()) {
            if (engine.status().healthy()
                    && engine.images().stream()
                            .anyMatch(image -> ImageLocator.has(image, wanted))) {
                return EngineProxy.pass(
                        engine, call, ImageLocator.path(name.repository()) + "/push");
            }
        }
        throw new HttpProblem(404, "An image does not exist locally with the tag: " + wanted);
    }
}
