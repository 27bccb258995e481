package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.engine.Platform.BadPlatformException;
import dev.machine.swarm.image.ImageIds;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.SwarmImages;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which image is inspected if a name means different images on different nodes. Compose
 * recreates a container when that answer changes, so it must not depend on which nodes are up:
 * nodes that are down count with the images that they had.
 */
final class ImageVariants {
    /**
     * The label in which Compose keeps the Id that an inspection returned (compose,
     * pkg/api/labels.go).
     */
    private static final String COMPOSE_IMAGE = "com.docker.compose.image";

    private static final List<String> PREFERRED =
            List.of("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6");

    /** Of the nodes that have an image, those of the first platform answer for it. */
    static final Comparator<Platform> PREFERENCE =
            Comparator.<Platform>comparingInt(ImageVariants::rank)
                    .thenComparing(Platform::toString);

    private final Cluster cluster;
    private final SwarmImages images;

    ImageVariants(Cluster cluster, SwarmImages images) {
        this.cluster = cluster;
        this.images = images;
    }

    /**
     * A node that has an image of the name.
     *
     * @param name the image's name there
     * @param id the image's digest there: that of its configuration, or of the index in the
     *     containerd store
     * @param index whether the digest is that of an index
     */
    record Holder(EngineCache engine, Platform platform, String name, String id, boolean index) {
        boolean healthy() {
            return engine.status().healthy();
        }
    }

    /**
     * The nodes that have an image, the preferred one first: amd64, arm64, arm/v7, arm/v6, others
     * by name; then the digest of a configuration before that of an index; then by the node's name.
     */
    List<Holder> holders(String image) {
        List<Holder> holders = new ArrayList<>();
        Set<String> ids = ImageIds.of(image, cluster.engines());
        for (EngineCache engine : cluster.engines()) {
            Holder holder = holder(engine, image, ids);
            if (holder != null) {
                holders.add(holder);
            }
        }
        holders.sort(
                Comparator.comparing(Holder::platform, PREFERENCE).thenComparing(Holder::index));
        return holders;
    }

    private static int rank(Platform platform) {
        int rank = PREFERRED.indexOf(platform.toString());
        return rank < 0 ? PREFERRED.size() : rank;
    }

    /**
     * @param ids the image's Ids on all nodes, if it is asked for by one of them
     */
    private @Nullable Holder holder(EngineCache engine, String image, Set<String> ids) {
        Platform platform = platform(engine);
        List<String> names =
                new ArrayList<>(images.names(image, new ImageNode(engine.name(), platform)));
        // An id is searched for as it was typed: with a tag it would be a name.
        names.add(image);
        names.addAll(ids);
        for (String name : names) {
            for (ObjectNode entry : engine.images()) {
                if (ImageLocator.has(entry, name)) {
                    String id = entry.path("Id").asText("");
                    return new Holder(engine, platform, name, id, ImageIds.isIndex(entry));
                }
            }
        }
        return null;
    }

    /** The platform that the engine told last, else that of the member file. */
    static Platform platform(EngineCache engine) {
        ImageNode node = SwarmImages.node(engine);
        if (node != null) {
            return node.platform();
        }
        try {
            return Platform.parse(engine.member().platform());
        } catch (BadPlatformException e) {
            return new Platform("linux", "", "");
        }
    }

    /**
     * The Id that an inspection returns. For an Id it is the Id itself. For a name it is the Id
     * that Compose got when it created the present containers, as long as the name still means
     * their image; else that of the first holder.
     */
    String id(String image, List<Holder> holders) {
        for (Holder holder : holders) {
            if (ImageIds.isId(holder.id(), image)) {
                return holder.id();
            }
        }
        Set<String> told = told(image, holders);
        return told.isEmpty()
                ? holders.getFirst().id()
                : told.size() == 1 ? told.iterator().next() : newest(told, holders);
    }

    private Set<String> told(String image, List<Holder> holders) {
        Set<String> asked = new HashSet<>();
        Set<String> means = new TreeSet<>();
        Set<String> meant = new HashSet<>();
        Set<String> moved = new HashSet<>();
        for (EngineCache engine : cluster.engines()) {
            Holder here =
                    holders.stream()
                            .filter(holder -> holder.engine() == engine)
                            .findFirst()
                            .orElse(null);
            Set<String> names = images.names(image, new ImageNode(engine.name(), platform(engine)));
            for (Container container : engine.containers().all()) {
                String id = container.labels().getOrDefault(COMPOSE_IMAGE, "");
                if (id.isEmpty()
                        || names.stream()
                                .noneMatch(n -> ImageName.same(n, container.image().name()))) {
                    continue;
                }
                asked.add(id);
                boolean up = engine.status().healthy();
                if (here != null && here.id().equals(container.image().id())) {
                    (up ? means : meant).add(id);
                } else if (here != null && up && !container.image().id().isEmpty()) {
                    moved.add(id);
                }
            }
        }
        for (Holder holder : holders) {
            if (asked.contains(holder.id())) {
                (holder.healthy() ? means : meant).add(holder.id());
            }
        }
        // The images of a node that is down count unless a node that is up contradicts them.
        meant.removeAll(moved);
        means.addAll(meant);
        return means;
    }

    private static String newest(Set<String> ids, List<Holder> holders) {
        String newest = ids.iterator().next();
        Instant best = Instant.MIN;
        for (Holder holder : holders) {
            if (ids.contains(holder.id()) && holder.healthy()) {
                Instant tagged = tagged(holder);
                if (tagged.isAfter(best)) {
                    best = tagged;
                    newest = holder.id();
                }
            }
        }
        return newest;
    }

    private static Instant tagged(Holder holder) {
        EngineCache engine = holder.engine();
        try {
            JsonNode details =
                    engine.get(
                            ImageLocator.path(holder.id()) + "/json", engine.timings().inspect());
            return Instant.parse(details.path("Metadata").path("LastTagTime").asText(""));
        } catch (IOException | DateTimeParseException e) {
            return Instant.MIN;
        }
    }
}
