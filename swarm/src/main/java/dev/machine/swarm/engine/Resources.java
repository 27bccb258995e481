package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What a container's settings reserve of its node, whether it runs or not. {@code --cpu-shares}
 * does not count because it is only a weight among neighbours. (Classic Swarm read it as a number
 * of CPUs; {@code --cpus}, which came later, is that.)
 *
 * @param nanoCpus billionths of a CPU
 * @param memory bytes
 * @param ports that its settings fix
 */
public record Resources(long nanoCpus, long memory, Set<PortBinding> ports) {
    public static final Resources NONE = new Resources(0, 0, Set.of());

    /**
     * Reads them from a container's settings.
     *
     * @param exposed {@code ExposedPorts} of its configuration
     */
    public static Resources of(JsonNode hostConfig, JsonNode exposed) {
        return new Resources(
                Math.max(0, hostConfig.path("NanoCpus").asLong()),
                Math.max(0, hostConfig.path("Memory").asLong()),
                PortBinding.wanted(hostConfig, exposed));
    }
}
