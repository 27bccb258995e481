package dev.machine.swarm.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import java.util.List;
import java.util.Map;

/** Labels by which the endpoint remembers something; clients do not see them. */
public final class VolumeLabels {
    private static final String OWN = "com.docker.swarm.volume.";

    /** Since this version clients leave out labels when there are none, and engines say null. */
    private static final ApiVersion NULL_FOR_NONE = new ApiVersion(1, 42);

    private VolumeLabels() {}

    /**
     * Removes them from an engine's description of a volume.
     *
     * @param version that the client speaks
     */
    public static void hide(ObjectNode volume, ApiVersion version) {
        if (!(volume.get("Labels") instanceof ObjectNode labels)) {
            return;
        }
        List<String> own =
                labels.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> key.startsWith(OWN))
                        .toList();
        labels.remove(own);
        if (!own.isEmpty() && labels.isEmpty() && version.compareTo(NULL_FOR_NONE) >= 0) {
            volume.putNull("Labels");
        }
    }
}
