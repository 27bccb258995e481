package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.image.ImageIds;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.SwarmImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the nodes that have an image, under its own name or under the name that it has there by the
 * table and the rules.
 */
final class ImageLocator {
    private final Cluster cluster;
    private final SwarmImages images;

    ImageLocator(Cluster cluster, SwarmImages images) {
        this.cluster = cluster;
        this.images = images;
    }

    /**
     * A node that has an image.
     *
     * @param names the image's names there; a container would get the first one
     */
    record NodeImage(EngineCache engine, List<String> names) {}

    /**
     * The healthy nodes that have an image, in natural order of their names.
     *
     * @throws HttpProblem 404 if there is none
     */
    List<NodeImage> find(String image) {
        cluster.awaitFresh();
        List<NodeImage> found = search(image);
        if (found.isEmpty()) {
            throw new HttpProblem(404, "No such image: " + ImageName.familiar(image));
        }
        return found;
    }

    private List<NodeImage> search(String image) {
        List<NodeImage> found = new ArrayList<>();
        Set<String> ids = ImageIds.of(image, cluster.engines());
        for (EngineCache engine : cluster.engines()) {
            ImageNode node = SwarmImages.node(engine);
            if (!engine.status().healthy() || node == null) {
                continue;
            }
            List<String> names = new ArrayList<>();
            for (String name : images.names(image, node)) {
                if (present(engine, name)) {
                    names.add(name);
                }
            }
            // An id is searched for as it was typed: with a tag it would be a name.
            if (names.isEmpty() && present(engine, image)) {
                names.add(image);
            }
            if (names.isEmpty()) {
                ids.stream().filter(id -> present(engine, id)).forEach(names::add);
            }
            if (!names.isEmpty()) {
                found.add(new NodeImage(engine, names));
            }
        }
        return found;
    }

    private static boolean present(EngineCache engine, String name) {
        return engine.images().stream().anyMatch(entry -> has(entry, name));
    }

    /** The path of an image. */
    static String path(String image) {
        return "/images/" + EngineProxy.encoded(image);
    }

    /** Whether a name, an id or the beginning of an id means this entry of an engine's list. */
    static boolean has(ObjectNode image, String name) {
        String id = image.path("Id").asText();
        if (ImageIds.isId(id, name)) {
            return true;
        }
        for (String key : List.of("RepoTags", "RepoDigests")) {
            for (JsonNode known : image.path(key)) {
                if (ImageName.same(known.asText(), name)) {
                    return true;
                }
            }
        }
        return false;
    }
}
