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
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageIds;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Calls that change images: each goes to all nodes that have the image, but a push to one. */
final class ImageCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOT_FOUND = 404;

    /** Since this version an engine removes single platforms of an image. */
    private static final ApiVersion PLATFORMS_SINCE = new ApiVersion(1, 50);

    private final Cluster cluster;
    private final SwarmImages images;
    private final ImageLocator locator;

    ImageCalls(Cluster cluster, SwarmImages images) {
        this.cluster = cluster;
        this.images = images;
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
        List<Platform> only =
                call.target().parameters("platforms").stream().map(ImageDetails::platform).toList();
        FanOutCall calls = new FanOutCall(call);
        boolean any = false;
        for (NodeImage held : locator.find(call.name())) {
            if (only.isEmpty() || removesOnly(held, only, call)) {
                any = true;
                held.names().forEach(name -> calls.ask(held.engine(), ImageLocator.path(name)));
            }
        }
        if (!any) {
            throw new HttpProblem(
                    404, "No such image: " + ImageName.familiar(call.name()) + " for " + only);
        }
        List<Answer> answers = calls.all();
        if (!only.isEmpty() && answers.stream().anyMatch(Answer::good)) {
            // Other nodes have the image for other platforms only.
            answers = answers.stream().filter(answer -> answer.status() != NOT_FOUND).toList();
        }
        ArrayNode removed = JsonNodeFactory.instance.arrayNode();
        Set<String> known = new HashSet<>();
        for (Answer answer : changed(answers)) {
            tree(answer).forEach(line -> addOnce(removed, known, line));
        }
        return Response.json(200, JSON.writeValueAsBytes(removed));
    }

    /**
     * Whether a node's engine removes nothing but these platforms of an image. An engine that does
     * not know the parameter removes the whole image, so it must be of one of them.
     */
    private boolean removesOnly(NodeImage held, List<Platform> only, Call call) {
        EngineCache engine = held.engine();
        return EngineParameters.speaks(engine, call.version(), PLATFORMS_SINCE)
                || engine.images().stream()
                        .filter(entry -> ImageLocator.has(entry, held.names().getFirst()))
                        .filter(entry -> !ImageIds.isIndex(entry))
                        .map(entry -> images.platform(engine, entry.path("Id").asText()))
                        .anyMatch(here -> only.stream().anyMatch(one -> isOf(here, one)));
    }

    /** Whether an image is of a platform; images for ARM often do not say for which variant. */
    private static boolean isOf(Platform image, Platform asked) {
        return image.os().equals(asked.os())
                && image.architecture().equals(asked.architecture())
                && (image.variant().isEmpty() || image.variant().equals(asked.variant()));
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
