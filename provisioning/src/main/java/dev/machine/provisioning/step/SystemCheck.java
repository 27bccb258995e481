package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.facts.NodePlatform;
import dev.machine.provisioning.node.PackageManager;
import dev.machine.provisioning.node.ServiceManager;
import dev.machine.provisioning.store.EngineInstall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks that an engine can be installed on the node's system and architecture. */
final class SystemCheck {
    private SystemCheck() {}

    static List<String> obstacles(NodeContext node) {
        Facts facts = node.facts();
        List<String> obstacles = new ArrayList<>();
        boolean installs = !facts.hasEngine();
        if (installs && node.record().engine().install().from() == EngineInstall.From.NONE) {
            obstacles.add(
                    "there is no Docker engine on the node, and --engine-install=none forbids to install one");
        } else if (installs && PackageManager.find(facts).isEmpty()) {
            obstacles.add(
                    "%s is not %s: install Docker there yourself and use --engine-install=none"
                            .formatted(
                                    facts.find("os.name").orElse("the node's system"),
                                    PackageManager.all().stream()
                                            .map(PackageManager::systems)
                                            .collect(Collectors.joining(" or "))));
        }
        if (ServiceManager.find(facts).isEmpty()) {
            obstacles.add(
                    "neither %s starts services on the node: use one of them"
                            .formatted(
                                    ServiceManager.all().stream()
                                            .map(ServiceManager::name)
                                            .collect(Collectors.joining(" nor "))));
        }
        platform(node, facts).ifPresent(obstacles::add);
        return obstacles;
    }

    private static Optional<String> platform(NodeContext node, Facts facts) {
        Optional<NodePlatform> found = facts.findPlatform();
        if (found.isEmpty()) {
            return Optional.of(
                    "the architecture is unknown: uname -m says \"%s\", and no engine is made for that"
                            .formatted(facts.text("machine")));
        }
        return node.record()
                .platform()
                .filter(known -> !known.equals(found.get().toString()))
                .map(
                        known ->
                                "the record says %s, the node is %s: is it another board? `machine rm %s`, then create it anew"
                                        .formatted(known, found.get(), node.record().name()));
    }
}
