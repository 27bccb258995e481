package dev.machine.provisioning.step;

import dev.machine.provisioning.engine.DaemonConfig;
import dev.machine.provisioning.facts.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether the engine still has its containers and images when it is started with what will be in
 * daemon.json. What counts is where the running one has them: an option of ours may lead elsewhere,
 * and so may a change that its owner made to the file after the engine was started.
 */
final class DataCheck {
    private static final String USUAL = "/var/lib/docker";
    private static final String REMAP = "/userns-remap";

    /** By these an engine finds what runs, or its images; what it runs with is known from files. */
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

    /** The option that leads there. */
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
                        .orElse(USUAL);
        // The engine says where a link leads.
        String real = facts.find("real." + root).orElse(root);
        boolean remapped = !config.becomes(REMAP).isEmpty();
        if (facts.text("engine.root").equals(real)) {
            // Of one that does not run it is what the file says.
            return remapped && facts.find("engine.answers").isPresent()
                    ? Optional.of(option(REMAP, config.becomes(REMAP)))
                    : Optional.empty();
        }
        // The data of an engine that remaps users is in a folder of theirs: 100000.100000.
        if (facts.text("engine.root").matches(Pattern.quote(real) + "/\\d+\\.\\d+")) {
            return remapped ? Optional.empty() : Optional.of(option(REMAP, ""));
        }
        return Optional.of("data-root=" + root);
    }

    private static String option(String place, String value) {
        String name = place.substring(place.lastIndexOf('/') + 1);
        return value.isEmpty() ? "no " + name : name + "=" + value;
    }

    /** An engine that is started with another storage driver has none of its images any more. */
    private static Optional<String> storage(NodeContext node, DaemonConfig config) {
        Facts facts = node.facts();
        String wish = config.becomes("/storage-driver");
        String images = "engine.images.";
        // Such as the snapshots of containerd, which are none of the engine's own folders.
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
