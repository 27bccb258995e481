package dev.machine.provisioning.step;

import dev.machine.provisioning.engine.DaemonConfig;
import dev.machine.provisioning.facts.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks that an engine with the new daemon.json still finds its containers and images. They are
 * where the running engine has them. One of our options may change the place, and so may a change
 * that the owner made after the engine was started.
 */
final class DataCheck {
    private static final String DEFAULT = "/var/lib/docker";
    private static final String REMAP = "/userns-remap";

    /** Options by which an engine finds its containers or images. */
    private static final List<String> PLACES =
            List.of(
                    REMAP,
                    "/exec-root",
                    "/containerd",
                    "/containerd-namespace",
                    "/containerd-plugin-namespace",
                    "/features/containerd-snapshotter");

    private DataCheck() {}

    static List<String> obstacles(NodeContext node) {
        Facts facts = node.facts();
        if (!facts.hasEngine()) {
            return List.of();
        }
        DaemonConfig config = ConfigureEngine.merged(node);
        List<String> obstacles = new ArrayList<>();
        if (holds(facts)) {
            elsewhere(facts, config)
                    .map(
                            option ->
                                    "the node's containers and images are in %s, and an engine with %s would start without them: remove them first, or leave that out of --engine-opt, or of /etc/docker/daemon.json and docker.service on the node"
                                            .formatted(facts.text("engine.root"), option))
                    .ifPresent(obstacles::add);
        }
        storage(node, config).ifPresent(obstacles::add);
        return obstacles;
    }

    private static boolean holds(Facts facts) {
        return facts.text("engine.holds").matches("[1-9]\\d{0,8}");
    }

    /** The option that changes the place. */
    private static Optional<String> elsewhere(Facts facts, DaemonConfig config) {
        Optional<String> changed =
                PLACES.stream()
                        .filter(place -> !config.was(place).equals(config.becomes(place)))
                        .map(place -> option(place, config.becomes(place)))
                        .findFirst();
        if (changed.isPresent()) {
            return changed;
        }
        String root =
                Optional.of(config.becomes("/data-root"))
                        .filter(it -> !it.isEmpty())
                        .or(() -> Optional.of(config.becomes("/graph")).filter(it -> !it.isEmpty()))
                        .map(it -> it.replaceFirst("(?<=.)/+$", ""))
                        .orElse(DEFAULT);
        // The engine reports the target of a link.
        String real = facts.find("real." + root).orElse(root);
        boolean remapped = !config.becomes(REMAP).isEmpty();
        if (facts.text("engine.root").equals(real)) {
            // If the engine does not run, this is the value of the file.
            return remapped && facts.find("engine.answers").isPresent()
                    ? Optional.of(option(REMAP, config.becomes(REMAP)))
                    : Optional.empty();
        }
        // With userns-remap the data is in a subfolder named after the ids: 100000.100000.
        if (facts.text("engine.root").matches(Pattern.quote(real) + "/\\d+\\.\\d+")) {
            return remapped ? Optional.empty() : Optional.of(option(REMAP, ""));
        }
        return Optional.of("data-root=" + root);
    }

    private static String option(String place, String value) {
        String name = place.substring(place.lastIndexOf('/') + 1);
        return value.isEmpty() ? "no " + name : name + "=" + value;
    }

    /** An engine with another storage driver does not see its old images. */
    private static Optional<String> storage(NodeContext node, DaemonConfig config) {
        Facts facts = node.facts();
        String wish = config.becomes("/storage-driver");
        String images = "engine.images.";
        // The engine's answer comes first: containerd's snapshots are not in the engine's folders.
        List<String> used =
                holds(facts) ? facts.find("engine.driver").stream().toList() : List.of();
        if (used.isEmpty()) {
            used =
                    facts.values().keySet().stream()
                            .filter(key -> key.startsWith(images))
                            .map(key -> key.substring(images.length()))
                            .sorted()
                            .toList();
        }
        if (wish.isEmpty() || used.isEmpty() || used.contains(wish)) {
            return Optional.empty();
        }
        return Optional.of(
                "the node's images and containers are kept by storage driver %s, and %s would start without them: remove them first (docker system prune --all), or stay with it (machine provision %s --engine-opt storage-driver-)"
                        .formatted(String.join(", ", used), wish, node.record().name()));
    }
}
