package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.facts.Facts.Unit;
import dev.machine.provisioning.node.EngineSockets;
import dev.machine.provisioning.node.PackageManager;
import dev.machine.provisioning.node.ServiceManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the engine on the node can be taken over, or one installed, without harm to the
 * owner's data: no other engine, no unit that systemd does not start.
 */
final class AdoptionCheck {
    /** Known units of engines other than docker.service. */
    private static final List<String> OTHER_UNITS =
            List.of(
                    "snap.docker.dockerd.service",
                    "docker.io.service",
                    "moby-engine.service",
                    "balena.service",
                    "balena-engine.service",
                    "dockerd.service");

    private static final Set<String> TLS =
            Set.of("--tls", "--tlsverify", "--tlscacert", "--tlscert", "--tlskey");

    private AdoptionCheck() {}

    static List<String> obstacles(NodeContext node) {
        Facts facts = node.facts();
        List<String> obstacles = new ArrayList<>();
        others(facts).forEach(obstacles::add);
        if (ServiceManager.of(facts).hasUnits()) {
            obstacles.addAll(units(facts));
        }
        hiddenWords(facts).ifPresent(obstacles::add);
        return obstacles;
    }

    private static List<String> others(Facts facts) {
        List<String> others = new ArrayList<>(facts.otherEngines());
        if (!facts.engineRuns()) {
            OTHER_UNITS.stream()
                    .filter(name -> facts.unit(name).isPresent())
                    .filter(name -> others.stream().noneMatch(it -> it.contains(name)))
                    .forEach(name -> others.add(name + ", which does not run"));
        }
        return others.stream()
                .map(
                        other ->
                                "another engine is on the node (%s); machine adopts only an engine that docker.service or /etc/init.d/docker starts, and installs no second one: remove that engine first, or choose another node"
                                        .formatted(other))
                .toList();
    }

    /** Units that systemd would refuse to start. */
    private static List<String> units(Facts facts) {
        List<String> obstacles = new ArrayList<>();
        masked(facts, "docker.service", true).ifPresent(obstacles::add);
        masked(
                        facts,
                        "docker.socket",
                        !facts.hasEngine() || EngineSockets.needs(facts, "docker.socket"))
                .ifPresent(obstacles::add);
        masked(
                        facts,
                        "containerd.service",
                        !facts.hasEngine()
                                || EngineSockets.needs(facts, "containerd.service")
                                || facts.unit().contains("--containerd"))
                .ifPresent(obstacles::add);
        facts.unit("docker.service")
                .map(Unit::load)
                .filter(load -> load.matches("error|bad-setting"))
                .ifPresent(
                        load ->
                                obstacles.add(
                                        "systemd cannot read docker.service on the node (%s): look at `systemctl status docker.service`, fix the unit, then sudo systemctl daemon-reload"
                                                .formatted(load)));
        facts.find("engine.unit.missing")
                .filter(program -> facts.hasEngine())
                .ifPresent(
                        program ->
                                obstacles.add(
                                        "docker.service on the node starts %s, which is not there: fix the unit (sudo systemctl edit --full docker.service), the engine is %s"
                                                .formatted(program, facts.text("engine.binary"))));
        if (facts.hasEngine()
                && facts.find("engine.package").isEmpty()
                && facts.unit("docker.service").isEmpty()
                && facts.otherEngines().isEmpty()
                && !PackageManager.isSystemKnown(facts)) {
            obstacles.add(
                    "%s is on the node, but no docker.service starts it: install that unit (Docker's documentation, \"Install from binaries\")"
                            .formatted(facts.text("engine.binary")));
        }
        return obstacles;
    }

    private static Optional<String> masked(Facts facts, String name, boolean needed) {
        return facts.unit(name)
                .filter(unit -> needed && unit.isMasked())
                .map(
                        unit ->
                                "%s is masked on the node, so it cannot be started: sudo systemctl unmask %s"
                                        .formatted(name, name));
    }

    /**
     * Finds options for sockets or TLS that come neither from the unit nor from the file that
     * machine reads, but from a variable of the unit. They would stay on the command line, and an
     * engine does not start if daemon.json has them, too.
     */
    private static Optional<String> hiddenWords(Facts facts) {
        String known = facts.unit() + facts.file("default").orElse("");
        return socketAndTlsWords(facts.arguments()).stream()
                .filter(word -> !known.contains(word))
                .findFirst()
                .map(
                        word ->
                                "the engine on the node is started with %s, which stands neither in docker.service nor in /etc/default/docker but where these read it from (an EnvironmentFile, a script): move its sockets and TLS options into /etc/docker/daemon.json, or leave them out"
                                        .formatted(word));
    }

    /** The values of options for sockets, and the names of those for TLS. */
    private static List<String> socketAndTlsWords(List<String> arguments) {
        List<String> words = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.matches("-H|--host") && i + 1 < arguments.size()) {
                words.add(arguments.get(++i));
            } else if (word.matches("-H.+|--host=.+")) {
                words.add(word.replaceFirst("^(-H=?|--host=)", ""));
            } else if (TLS.contains(word.split("=", 2)[0])) {
                words.add(word.split("=", 2)[0]);
            }
        }
        return words;
    }
}
