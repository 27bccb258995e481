package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container that needs a node.
 *
 * @param swarmId unique to this create; the engine keeps it as label {@link #SWARM_ID}
 * @param name the container's own, without slash
 * @param hostNetwork its ports are those it exposes
 */
public record PlacementRequest(
        String swarmId,
        String name,
        Map<String, String> labels,
        Image image,
        Resources resources,
        boolean hostNetwork,
        Conditions conditions) {
    /** The label by which a container is found again if its engine's answer was lost. */
    public static final String SWARM_ID = "com.docker.swarm.id";

    public PlacementRequest {
        labels = Map.copyOf(labels);
    }

    /**
     * The image that the container needs.
     *
     * @param name as the client wrote it
     * @param plan which image each node gets for that name
     * @param mustBePresent only a node that already has the image will do
     */
    public record Image(String name, ImagePlan plan, boolean mustBePresent) {
        /** Which image a node gets, or why it gets none. */
        ImageChoice choice(Node node) {
            return plan.on(new ImageNode(node.name(), node.platform()));
        }

        /** Whether a node already has the image that it would get. */
        public boolean presentOn(Node node) {
            return choice(node) instanceof ImageChoice.Use use && node.hasImage(use.image());
        }
    }

    /** What binds the container to some of the nodes. */
    public record Conditions(
            Expressions expressions,
            List<Dependency> dependencies,
            List<Volume> volumes,
            List<Pin> pins,
            Together together,
            List<Need> needs) {
        public Conditions {
            dependencies = List.copyOf(dependencies);
            volumes = List.copyOf(volumes);
            pins = List.copyOf(pins);
            needs = List.copyOf(needs);
        }
    }

    /**
     * A setting that older engines ignore or refuse.
     *
     * @param since the version of the API that brought it
     */
    public record Need(String setting, ApiVersion since) {
        /** Why an engine is too old; null if it is not. */
        public @Nullable String refusal(ApiVersion newest) {
            return since.compareTo(newest) <= 0
                    ? null
                    : "its Docker is too old for %s: it needs API %s, the node speaks up to %s"
                            .formatted(setting, since, newest);
        }
    }

    /**
     * Another container that must be on the same node.
     *
     * @param option as a refusal shows it: {@code --link=db:sql}
     * @param node its node, if the client named it
     * @param container its id or name
     * @param volumes whether it is needed for the volumes of that container
     */
    public record Dependency(
            String option, @Nullable String node, String container, boolean volumes) {
        /** Whether the container is on a node, or is being created there. */
        boolean on(Node there) {
            return (node == null || node.equals(there.name())) && there.ledger().has(container);
        }
    }

    /**
     * Something that is on some nodes only, and that an engine cannot make.
     *
     * @param shown as a refusal shows it: {@code network node-1/front}
     * @param nodes the names of the nodes that have it
     */
    public record Pin(String shown, Set<String> nodes) {
        public Pin {
            nodes = Set.copyOf(nodes);
        }
    }

    /**
     * A volume that the container names. An engine that does not have it makes an empty one.
     *
     * @param name as the engine knows it
     * @param node its node, if the client named it
     * @param movable whether it is empty and goes where the container goes
     */
    public record Volume(String name, @Nullable String node, boolean movable) {
        public Volume(String name, @Nullable String node) {
            this(name, node, false);
        }

        /** The same, not bound to the node that has it. */
        public Volume asMovable() {
            return new Volume(name, node, true);
        }

        /** As a refusal shows it. */
        String shown() {
            return "volume " + (node == null ? name : node + "/" + name);
        }
    }

    /** A request for the node of a new volume; nothing else of it is used. */
    static PlacementRequest ofVolume(String volume) {
        return new PlacementRequest(
                "",
                "",
                Map.of(),
                new Image("", _ -> new ImageChoice.Use("", ""), false),
                Resources.NONE,
                false,
                new Conditions(
                        Expressions.NONE,
                        List.of(),
                        volume.isEmpty() ? List.of() : List.of(new Volume(volume, null)),
                        List.of(),
                        Together.NOTHING,
                        List.of()));
    }

    /** The same request with other volumes. */
    public PlacementRequest withVolumes(List<Volume> volumes) {
        return new PlacementRequest(
                swarmId,
                name,
                labels,
                image,
                resources,
                hostNetwork,
                new Conditions(
                        conditions.expressions,
                        conditions.dependencies,
                        volumes,
                        conditions.pins,
                        conditions.together,
                        conditions.needs));
    }

    /** The same request, restricted to nodes that already have the image. */
    public PlacementRequest whereImageIs() {
        return new PlacementRequest(
                swarmId,
                name,
                labels,
                new Image(image.name, image.plan, true),
                resources,
                hostNetwork,
                conditions);
    }
}
