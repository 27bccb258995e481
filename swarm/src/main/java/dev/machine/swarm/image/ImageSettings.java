package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user's settings for images: the table and the rules.
 *
 * @param canonical mode {@code canonical}: a name in the table is refused for an architecture that
 *     it has no image for; otherwise the rules and the name itself are tried
 * @param images by name, then by architecture or {@code default}
 * @param values the familiar names of all images in the table
 */
public record ImageSettings(
        boolean canonical,
        Map<String, Map<String, String>> images,
        List<ImageRule> rules,
        Set<String> values) {
    public static final ImageSettings NONE = new ImageSettings(false, Map.of(), List.of());

    public ImageSettings {
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        rules = List.copyOf(rules);
    }

    public ImageSettings(
            boolean canonical, Map<String, Map<String, String>> images, List<ImageRule> rules) {
        this(canonical, images, rules, values(images));
    }

    ImageSettings with(Map<String, Map<String, String>> table) {
        return new ImageSettings(canonical, table, rules);
    }

    private static Set<String> values(Map<String, Map<String, String>> images) {
        Set<String> values = new HashSet<>();
        images.values()
                .forEach(
                        fields ->
                                fields.values()
                                        .forEach(value -> values.add(ImageName.familiar(value))));
        return Set.copyOf(values);
    }

    /**
     * The key of a name in the table: as typed, then with its tag, then without; null if there is
     * none.
     */
    @Nullable String key(String typed, ImageName name) {
        for (String key : List.of(typed, name.familiar(), name.repository())) {
            if (images.containsKey(key)) {
                return key;
            }
        }
        return null;
    }

    /** The key's field for a platform, the most exact one; null if there is none. */
    @Nullable String field(String key, Platform platform) {
        Map<String, String> fields = images.getOrDefault(key, Map.of());
        for (String field : platform.fields()) {
            if (fields.containsKey(field)) {
                return field;
            }
        }
        return fields.containsKey("default") ? "default" : null;
    }

    /** The image of a key and one of its fields. */
    String image(String key, String field) {
        return images.getOrDefault(key, Map.of()).getOrDefault(field, key);
    }
}
