package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.UnitCommand;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.facts.Facts.EngineSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * How the engine gets its local sockets: as the running engine got them. If it does not run, its
 * unit decides, and whether systemd can hand them over.
 */
public final class EngineSockets {
    private static final String BY_SYSTEMD = "fd://";
    private static final String DEFAULT = "unix:///var/run/docker.sock";

    private EngineSockets() {}

    /** The entries of {@code hosts} for them. */
    public static List<String> hosts(Facts facts) {
        if (!ServiceManager.of(facts).hasUnits()) {
            return withUsual(facts.sockets());
        }
        if (!facts.hasEngine()) {
            // The packages that we install bring docker.socket.
            return List.of(BY_SYSTEMD);
        }
        if (facts.engineRuns() && !facts.sockets().isEmpty()) {
            return withUsual(facts.sockets());
        }
        boolean asked =
                facts.file("daemon.json")
                        .filter(content -> content.contains("\"hosts\""))
                        .or(() -> UnitCommand.withHosts(facts.unit()))
                        .filter(said -> said.contains(BY_SYSTEMD))
                        .isPresent();
        return List.of(asked && handsOver(facts) ? BY_SYSTEMD : DEFAULT);
    }

    private static List<String> withUsual(List<EngineSocket> sockets) {
        List<String> hosts = new ArrayList<>();
        if (sockets.stream().anyMatch(EngineSocket::bySystemd)) {
            hosts.add(BY_SYSTEMD);
        } else {
            hosts.add(DEFAULT);
        }
        sockets.stream()
                .filter(socket -> !socket.bySystemd())
                .map(socket -> socket.isUsual() ? DEFAULT : "unix://" + socket.path())
                .filter(host -> !hosts.contains(host))
                .forEach(hosts::add);
        return hosts;
    }

    /** docker.socket is there and is up before the engine is. */
    private static boolean handsOver(Facts facts) {
        return facts.unit("docker.socket")
                .filter(socket -> socket.load().equals("loaded"))
                .filter(
                        socket ->
                                socket.active().equals("active")
                                        || socket.file().equals("enabled")
                                        || needs(facts, "docker.socket"))
                .isPresent();
    }

    /** Whether docker.service does not start without another unit. */
    public static boolean needs(Facts facts, String unit) {
        return (" " + facts.text("engine.needs") + " ").contains(" " + unit + " ");
    }
}
