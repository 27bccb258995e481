package dev.machine.provisioning.engine;

import dev.machine.common.HostPort;
import dev.machine.provisioning.store.EngineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The wanted configuration of an engine.
 *
 * @param listen the address to listen on beside loopback
 * @param sockets its local sockets as in {@code hosts}: {@code fd://} if systemd passes them to the
 *     engine, {@code unix://PATH} if the engine makes them
 */
public record DaemonSpec(
        String provider,
        String architecture,
        String listen,
        int port,
        EngineSettings settings,
        List<String> sockets) {

    /**
     * All labels: machine's, then the user's, which may replace {@code architecture} but not {@code
     * provider}.
     */
    public Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        labels.put("architecture", architecture);
        labels.putAll(settings.labels());
        labels.put("provider", provider);
        return labels;
    }

    List<String> hosts() {
        List<String> hosts = new ArrayList<>(sockets);
        hosts.add("tcp://" + HostPort.of(listen, port));
        if (!listen.equals("127.0.0.1") && !listen.equals("0.0.0.0") && !listen.equals("::")) {
            hosts.add("tcp://127.0.0.1:" + port);
        }
        return hosts;
    }

    /**
     * The insecure registries. From Docker 29.10 on, the engine's own loopback ranges count only if
     * the key is missing, so they are listed too (moby pull request 53868).
     */
    List<String> insecureRegistries() {
        if (settings.insecureRegistries().isEmpty()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(settings.insecureRegistries());
        for (String loopback : List.of("127.0.0.0/8", "::1/128")) {
            if (!all.contains(loopback)) {
                all.add(loopback);
            }
        }
        return all;
    }
}
