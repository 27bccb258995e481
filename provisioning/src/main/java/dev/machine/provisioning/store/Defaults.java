package dev.machine.provisioning.store;

import dev.machine.driver.DriverInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The user's defaults in {@code config.yaml} of the store. Flags and variables take precedence. For
 * example:
 *
 * <pre>
 * engine-registry-mirror: [http://192.168.1.1:5000]
 * engine-label: {rack: 1}
 * engine-apt-mirror: http://192.168.1.1/debian
 * aiyara:
 *   ssh-user: root
 *   address: 192.168.{rack}.{node}
 * </pre>
 *
 * @param drivers options by driver and option name
 */
public record Defaults(
        List<String> registryMirrors,
        List<String> insecureRegistries,
        Map<String, String> labels,
        Optional<String> aptMirror,
        Map<String, Map<String, String>> drivers) {

    public Defaults {
        registryMirrors = List.copyOf(registryMirrors);
        insecureRegistries = List.copyOf(insecureRegistries);
        labels = Map.copyOf(labels);
        drivers = Map.copyOf(drivers);
    }

    /** The options of one driver; empty if the file says nothing about it. */
    public Map<String, String> driver(String name) {
        return drivers.getOrDefault(name, Map.of());
    }

    /** Settings of an engine in which the values of the file replace the given ones. */
    public EngineSettings engine(EngineSettings settings) {
        return new EngineSettings(
                labels.isEmpty() ? settings.labels() : labels,
                registryMirrors.isEmpty() ? settings.registryMirrors() : registryMirrors,
                insecureRegistries.isEmpty() ? settings.insecureRegistries() : insecureRegistries,
                settings.options(),
                settings.tlsSans(),
                aptMirror.isEmpty()
                        ? settings.install()
                        : settings.install().withAptMirror(aptMirror),
                settings.listen());
    }

    /**
     * Reads the file; without a file there are no defaults.
     *
     * @param known the drivers whose options it may contain
     * @throws dev.machine.common.MachineException for what is not YAML, an unknown key or a value
     *     of the wrong shape, naming file and line
     */
    public static Defaults load(Path file, List<DriverInfo> known) {
        return new DefaultsFile(file, known).load();
    }
}
