package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.JsonFault;
import dev.machine.swarm.api.ImageVariants.Holder;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /images/NAME/json}: the image with the Id or of the platform that is asked for. For a
 * name it is one variant of the image, the same whichever nodes are up.
 */
final class ImageDetails {
    private static final int MAX_KEPT = 500;
    private static final int MAX_KEPT_BYTES = 64 << 10;

    /** Since this version an engine looks for the platform that is asked for. */
    private static final ApiVersion PLATFORM_SINCE = new ApiVersion(1, 49);

    private static final Map<String, ApiVersion> INSPECT_PARAMETERS =
            Map.of("platform", PLATFORM_SINCE, "manifests", new ApiVersion(1, 48));

    private static final Map<String, ApiVersion> HISTORY_PARAMETERS =
            Map.of("platform", new ApiVersion(1, 48));

    /**
     * As docker-compose 1 calls itself: {@code docker-compose/1.29.2 docker-py/5.0.3 Linux/6.1}.
     */
    private static final String COMPOSE_ONE = "docker-compose/1.";

    private final Cluster cluster;
    private final SwarmImages images;
    private final ImageVariants variants;

    /** Recent answers by Id, for when no node that has the image is up. */
    private final Map<String, byte[]> kept =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                    return size() > MAX_KEPT;
                }
            };

    ImageDetails(Cluster cluster, SwarmImages images) {
        this.cluster = cluster;
        this.images = images;
        this.variants = new ImageVariants(cluster, images);
    }

    Response inspect(Call call) {
        String platform = call.target().parameter("platform");
        boolean manifests = call.target().flag("manifests");
        if (platform != null && !platform.isBlank() && manifests) {
            throw new HttpProblem(
                    400, "conflicting options: manifests and platform options cannot both be set");
        }
        cluster.awaitFresh();
        List<Holder> holders = variants.holders(call.name());
        List<Holder> up = holders.stream().filter(Holder::healthy).toList();
        if (holders.isEmpty()) {
            throw none(call);
        }
        if (platform != null && !platform.isBlank()) {
            return ofPlatform(call, up, platform(platform));
        }
        String id = variants.id(call.name(), holders);
        Holder first =
                up.stream().filter(holder -> holder.id().equals(id)).findFirst().orElse(null);
        byte[] stored = first == null ? kept(id) : null;
        if (stored != null) {
            return Response.json(200, stored(call, stored));
        }
        if (up.isEmpty()) {
            throw none(call);
        }
        boolean everywhere = holders.stream().allMatch(Holder::index);
        return answer(call, first == null ? up.getFirst() : first, id, manifests && !everywhere);
    }

    /** The history of one variant: the first one whose node is up. */
    Response history(Call call) {
        cluster.awaitFresh();
        Holder first =
                variants.holders(call.name()).stream()
                        .filter(Holder::healthy)
                        .findFirst()
                        .orElseThrow(() -> none(call));
        return EngineProxy.pass(
                first.engine(),
                EngineParameters.known(call, first.engine(), HISTORY_PARAMETERS),
                ImageLocator.path(first.name()) + "/history");
    }

    private static HttpProblem none(Call call) {
        return new HttpProblem(404, "No such image: " + ImageName.familiar(call.name()));
    }

    /**
     * One node's answer.
     *
     * @param id the Id to show; it differs from that of the node if all nodes with this Id are down
     * @param bare whether to leave out {@code Manifests}, which not all nodes with the image have
     */
    private Response answer(Call call, Holder holder, String id, boolean bare) {
        try (EngineReply reply =
                EngineProxy.send(
                        holder.engine(),
                        EngineParameters.known(call, holder.engine(), INSPECT_PARAMETERS),
                        ImageLocator.path(holder.name()) + "/json")) {
            byte[] body = reply.whole(call.request().share());
            call.request().share().takeTree(body.length);
            if (reply.status() != 200 || !(ExactJson.read(body) instanceof ObjectNode details)) {
                return Response.json(reply.status(), body);
            }
            boolean own = holder.id().equals(id);
            if (own) {
                keep(id, body);
            } else {
                details.put("Id", id);
            }
            if (bare) {
                details.remove("Manifests");
            }
            boolean added = addContainerConfig(call, details);
            return Response.json(200, own && !bare && !added ? body : ExactJson.write(details));
        } catch (IOException e) {
            throw EngineProxy.unanswered(holder.engine(), e.getMessage());
        }
    }

    private static byte[] stored(Call call, byte[] body) {
        call.request().share().takeTree(body.length);
        try {
            return ExactJson.read(body) instanceof ObjectNode details
                            && addContainerConfig(call, details)
                    ? ExactJson.write(details)
                    : body;
        } catch (IOException e) {
            return body;
        }
    }

    /**
     * Adds what engines leave out since API 1.45. docker-compose 1 reads the volumes of an image
     * there and fails without it when it makes a container anew (compose 1.29, service.py).
     */
    private static boolean addContainerConfig(Call call, ObjectNode details) {
        String agent = call.request().headers().first("User-Agent");
        if (agent == null || !agent.startsWith(COMPOSE_ONE) || details.has("ContainerConfig")) {
            return false;
        }
        details.set("ContainerConfig", details.path("Config").deepCopy());
        return true;
    }

    private Response ofPlatform(Call call, List<Holder> up, Platform asked) {
        List<Holder> exact = new ArrayList<>();
        List<Holder> lesser = new ArrayList<>();
        List<Holder> several = new ArrayList<>();
        for (Holder holder : up) {
            Platform here = images.platform(holder.engine(), holder.id());
            boolean chooses =
                    EngineParameters.speaks(holder.engine(), call.version(), PLATFORM_SINCE);
            if (here.equals(asked)) {
                exact.add(holder);
            } else if (holder.index() && chooses) {
                // An index may have several platforms; its engine decides. An engine that does not
                // know the parameter always shows the same one.
                several.add(holder);
            } else if (!here.architecture().isEmpty() && asked.accepts(here)) {
                lesser.add(holder);
            }
        }
        exact.addAll(several);
        exact.addAll(lesser);
        for (Holder holder : exact) {
            Response answer = answer(call, holder, holder.id(), false);
            if (answer.status() == 200) {
                return answer;
            }
        }
        throw new HttpProblem(
                404,
                "image with reference "
                        + ImageName.familiar(call.name())
                        + " was found but does not provide the specified platform ("
                        + asked
                        + ")");
    }

    /** The platform of a parameter: JSON since API 1.49, or as in {@code docker pull}. */
    static Platform platform(String text) {
        if (!text.startsWith("{")) {
            return Platform.parse(text);
        }
        try {
            JsonNode json = ExactJson.read(text);
            return Platform.of(
                    json.path("os").asText("linux"),
                    json.path("architecture").asText(""),
                    json.path("variant").asText(""));
        } catch (JsonProcessingException e) {
            throw new HttpProblem(400, "platform is not JSON: " + JsonFault.words(e));
        }
    }

    private byte @Nullable [] kept(String id) {
        synchronized (kept) {
            return kept.get(id);
        }
    }

    private void keep(String id, byte[] details) {
        if (details.length <= MAX_KEPT_BYTES) {
            synchronized (kept) {
                kept.put(id, details);
            }
        }
    }
}
