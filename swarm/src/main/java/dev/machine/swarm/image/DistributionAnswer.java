package dev.machine.swarm.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.engine.Platform;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads what an engine answers to {@code GET /distribution/NAME/json}. */
public final class DistributionAnswer {
    private DistributionAnswer() {}

    /**
     * Whether an answer is that of the registry, so that another engine would get the same. Engines
     * before 23 answer 500 to much that a registry refuses.
     *
     * @param message what the engine says if it is an error
     */
    public static boolean isOfRegistry(int status, String message) {
        return status < 500
                || RegistryErrors.refused(message)
                || RegistryErrors.limited(status, message);
    }

    /**
     * The platforms that an answer tells of.
     *
     * @param body JSON; for an error an object with {@code message}
     */
    public static KnownPlatforms of(int status, JsonNode body) {
        if (status == 200) {
            return platforms(body);
        }
        return RegistryErrors.refused(body.path("message").asText(""))
                ? KnownPlatforms.MISSING
                : KnownPlatforms.UNKNOWN;
    }

    private static KnownPlatforms platforms(JsonNode answer) {
        Set<Platform> all = new LinkedHashSet<>();
        for (JsonNode entry : answer.path("Platforms")) {
            Platform platform =
                    Platform.ofImage(
                            entry.path("os").asText(""),
                            entry.path("architecture").asText(""),
                            entry.path("variant").asText(""));
            // Attestations, which builders add to a list, have the platform "unknown/unknown".
            if (!platform.architecture().isEmpty() && !platform.os().equals("unknown")) {
                all.add(platform);
            }
        }
        return all.isEmpty() ? KnownPlatforms.UNKNOWN : new KnownPlatforms.Platforms(all);
    }
}
