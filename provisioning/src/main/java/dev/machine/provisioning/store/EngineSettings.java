package dev.machine.provisioning.store;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the user asked of an engine; the steps make it so, and {@code provision} again applies
 * changes.
 *
 * @param labels {@code --engine-label k=v}, without the ones we add ourselves (architecture,
 *     provider)
 * @param options {@code --engine-opt k=v}: keys of daemon.json in the daemon's own spelling
 * @param tlsSans {@code --tls-san}
 * @param install where the engine comes from
 * @param listen {@code --engine-listen}: the address to bind instead of the one our SSH connection
 *     arrived at
 */
public record EngineSettings(
        Map<String, String> labels,
        List<String> registryMirrors,
        List<String> insecureRegistries,
        Map<String, String> options,
        List<String> tlsSans,
        EngineInstall install,
        Optional<String> listen) {

    public EngineSettings {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        registryMirrors = List.copyOf(registryMirrors);
        insecureRegistries = List.copyOf(insecureRegistries);
        tlsSans = List.copyOf(tlsSans);
    }

    /** Nothing asked: the distribution's engine with our defaults. */
    public static EngineSettings defaults() {
        return new EngineSettings(
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                EngineInstall.distro(),
                Optional.empty());
    }
}
