package dev.machine.provisioning.store;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the user asked of an engine. The steps apply it, and {@code provision} applies changes.
 *
 * @param labels {@code --engine-label k=v}, without the labels that machine adds (architecture,
 *     provider)
 * @param options {@code --engine-opt k=v}: keys of daemon.json in the daemon's own spelling
 * @param tlsSans {@code --tls-san}
 * @param install where the engine comes from
 * @param listen {@code --engine-listen}: the address to bind; if empty, the one at which the SSH
 *     connection arrived
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

    /** The distribution's engine with machine's defaults. */
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
