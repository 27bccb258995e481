package dev.machine.swarm.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.LinearPattern;
import dev.machine.swarm.engine.EngineCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The Ids of one image on different engines. Engines call an image by the digest of its
 * configuration; those with the containerd store, the default of Docker 29, by the digest of its
 * index or manifest in the registry (moby PR 52937). Both know the latter as a {@code RepoDigest}.
 */
public final class ImageIds {
    private static final LinearPattern DIGITS = LinearPattern.of("[0-9a-f]{4,64}");

    private ImageIds() {}

    /** Whether a text is an Id, or the beginning of its digits. */
    public static boolean isId(String id, String text) {
        return id.equals(text) || (DIGITS.matches(text) && id.startsWith("sha256:" + text));
    }

    /** The digests that the registry has for an entry of an engine's list. */
    public static Set<String> digests(ObjectNode entry) {
        Set<String> digests = new HashSet<>();
        for (JsonNode name : entry.path("RepoDigests")) {
            String text = name.asText();
            int at = text.indexOf('@');
            if (at >= 0 && !text.endsWith("<none>")) {
                digests.add(text.substring(at + 1));
            }
        }
        return digests;
    }

    /** Whether an entry is called by the digest that the registry has: it is in such a store. */
    public static boolean isIndex(ObjectNode entry) {
        String end = "@" + entry.path("Id").asText();
        return entry.path("RepoDigests")
                .valueStream()
                .anyMatch(name -> name.asText().endsWith(end));
    }

    /**
     * The Ids that an image has on these engines.
     *
     * @param text an Id of either kind, or the beginning of its digits; a name has none
     * @return full Ids; for the Id of a configuration only of that variant of the image
     */
    public static Set<String> of(String text, Collection<EngineCache> engines) {
        Set<String> ids = new HashSet<>();
        if (!text.startsWith("sha256:") && !DIGITS.matches(text)) {
            return ids;
        }
        Set<String> inRegistry = new HashSet<>();
        List<String> indexes = new ArrayList<>();
        for (EngineCache engine : engines) {
            for (ObjectNode entry : engine.images()) {
                String id = entry.path("Id").asText();
                Set<String> digests = digests(entry);
                if (digests.contains(id)) {
                    indexes.add(id);
                }
                if (isId(id, text)) {
                    ids.add(id);
                    inRegistry.addAll(digests);
                } else if (digests.stream().anyMatch(digest -> isId(digest, text))) {
                    ids.add(id);
                }
            }
        }
        indexes.stream().filter(inRegistry::contains).forEach(ids::add);
        return ids;
    }
}
