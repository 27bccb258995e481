package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.ImageResolver.ImagePlan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container that looks for a node.
 *
 * @param swarmId unique to it, kept at the engine as label {@link #SWARM_ID}
 * @param name its own, without slash
 * @param image as the client wrote it
 * @param hostNetwork its ports are those it exposes
 * @param volumes those it names
 * @param imagePresent only a node that has the image already will do
 */
public record PlacementRequest(
        String swarmId,
        String name,
        String image,
        ImagePlan plan,
        Resources resources,
        boolean hostNetwork,
        Map<String, String> labels,
        Expressions expressions,
        List<Dependency> dependencies,
        List<Volume> volumes,
        boolean imagePresent) {
    /** The label that tells what the endpoint made, whatever became of the answer. */
    public static final String SWARM_ID = "com.docker.swarm.id";

    public PlacementRequest {
        labels = Map.copyOf(labels);
        dependencies = List.copyOf(dependencies);
        volumes = List.copyOf(volumes);
    }

    /**
     * Another container that must be on the same node.
     *
     * @param option as a refusal shows it: {@code --link=db:sql}
     * @param node its node, if the client named it
     * @param container its id or name
     * @param volumes whether it is for the volumes of that container
     */
    public record Dependency(
            String option, @Nullable String node, String container, boolean volumes) {
        /** Whether it is on a node, or on its way to it. */
        boolean on(Node there) {
            return (node == null || node.equals(there.name())) && there.ledger().has(container);
        }
    }

    /**
     * A volume that the container names. An engine without it would make an empty one.
     *
     * @param name as the engine is given it
     * @param node its node, if the client named it
     */
    public record Volume(String name, @Nullable String node) {
        /** As a refusal shows it. */
        String shown() {
            return "volume " + (node == null ? name : node + "/" + name);
        }
    }

    /** What its image's name means on a node. */
    ImageChoice choice(Node node) {
        return plan.on(new ImageNode(node.name(), node.platform()));
    }

    /** Whether a node has the image already that this would use there. */
    public boolean imageOn(Node node) {
        return choice(node) instanceof ImageChoice.Use use && node.hasImage(use.image());
    }

    /** The same, for a node that has the image already. */
    public PlacementRequest whereImageIs() {
        return new PlacementRequest(
                swarmId,
                name,
                image,
                plan,
                resources,
                hostNetwork,
                labels,
                expressions,
                dependencies,
                volumes,
                true);
    }
}
