package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What was found out for one plan: which nodes have its names, and what the registry says. */
final class ImageFacts {
    private final Map<String, KnownPlatforms> registry = new HashMap<>();
    private final Map<String, Map<String, Platform>> byNode = new HashMap<>();

    /** A node has an image of this name and platform. */
    void onNode(String name, ImageNode node, Platform platform) {
        byNode.computeIfAbsent(node.name(), x -> new HashMap<>()).put(name, platform);
    }

    /** The registry has answered for these names. */
    void fromRegistry(Map<String, KnownPlatforms> answers) {
        registry.putAll(answers);
    }

    /** The platforms of the images on a node, by name. */
    Map<String, Platform> on(ImageNode node) {
        return byNode.getOrDefault(node.name(), Map.of());
    }

    /** What is known of a name, as it applies to a node. */
    KnownPlatforms of(String name, ImageNode node) {
        Platform here = on(node).get(name);
        KnownPlatforms known = registry.getOrDefault(name, KnownPlatforms.UNKNOWN);
        if (here != null) {
            return with(known, here);
        }
        if (known instanceof KnownPlatforms.Missing) {
            Set<String> nodes = having(name);
            return nodes.isEmpty() ? known : new KnownPlatforms.OnlyOn(String.join(", ", nodes));
        }
        return known;
    }

    private Set<String> having(String name) {
        Set<String> nodes = new TreeSet<>();
        byNode.forEach(
                (node, images) -> {
                    if (images.containsKey(name)) {
                        nodes.add(node);
                    }
                });
        return nodes;
    }

    private static KnownPlatforms with(KnownPlatforms known, Platform here) {
        Set<Platform> all = new LinkedHashSet<>();
        if (known instanceof KnownPlatforms.Platforms platforms) {
            all.addAll(platforms.all());
        }
        all.add(here);
        return new KnownPlatforms.Platforms(all);
    }
}
