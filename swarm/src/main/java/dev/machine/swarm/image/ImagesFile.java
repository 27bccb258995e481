package dev.machine.swarm.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.machine.common.AtomicFiles;
import dev.machine.common.JsonFault;
import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the user's images.yaml. Unknown keys are ignored.
 *
 * <pre>{@code
 * mode: special-case            # or canonical: a name in the table needs an image for every node
 * images:                       # name, architecture, image
 *   hello: {amd64: hello-world, arm: hypriot/armhf-hello-world}
 * rules:                        # matched against the whole name with its tag; the first one counts
 *   - match: '^([\w.-]+):([\w.-]+)$'
 *     except: [amd64]           # these architectures keep the name
 *     default: 'aiyara/$1:$2.$arch'
 * }</pre>
 */
public final class ImagesFile {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> WORDS = Set.of("match", "except");

    /** Every create tries all rules. */
    private static final int MAX_RULES = 500;

    private ImagesFile() {}

    /**
     * The settings in a file; none if there is no such file.
     *
     * @throws MachineException one sentence if it cannot be read or is not as it should be
     */
    public static ImageSettings read(Path file) {
        if (!Files.exists(file)) {
            return ImageSettings.NONE;
        }
        try {
            return parse(file, YAML.readTree(AtomicFiles.read(file)));
        } catch (JsonProcessingException e) {
            throw new MachineException(file + " is not YAML: " + JsonFault.words(e), e);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * The settings in a document of this form.
     *
     * @param file is named in errors
     */
    public static ImageSettings parse(Path file, JsonNode root) {
        if (root.isMissingNode() || root.isNull()) {
            return ImageSettings.NONE;
        }
        if (!root.isObject()) {
            throw bad(file, "is not a YAML map");
        }
        String mode = root.path("mode").asText("special-case");
        if (!mode.equals("special-case") && !mode.equals("canonical")) {
            throw bad(file, "has a mode that is neither special-case nor canonical: " + mode);
        }
        Map<String, Map<String, String>> images = new LinkedHashMap<>();
        object(file, root, "images")
                .properties()
                .forEach(
                        entry ->
                                images.put(
                                        entry.getKey(),
                                        texts(
                                                file,
                                                "the images of " + entry.getKey(),
                                                entry.getValue())));
        List<ImageRule> rules = new ArrayList<>();
        JsonNode list = root.path("rules");
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw bad(file, "has rules that are not a list");
        }
        if (list.size() > MAX_RULES) {
            throw bad(file, "has more than " + MAX_RULES + " rules");
        }
        list.forEach(rule -> rules.add(rule(file, rules.size() + 1, rule)));
        return new ImageSettings(mode.equals("canonical"), images, rules);
    }

    private static ImageRule rule(Path file, int number, JsonNode node) {
        String which = "rule " + number;
        String match = node.path("match").asText("");
        if (match.isEmpty()) {
            throw bad(file, "has a " + which + " without match");
        }
        Set<String> except = new HashSet<>();
        node.path("except").forEach(name -> except.add(name.asText()));
        JsonNode templates = node.deepCopy();
        ((ObjectNode) templates).remove(WORDS);
        try {
            return new ImageRule(
                    LinearPattern.compile(match), except, texts(file, which, templates));
        } catch (BadPatternException e) {
            throw bad(
                    file,
                    "has a "
                            + which
                            + " whose match cannot be used, because "
                            + e.getMessage()
                            + "; its syntax is that of RE2, which has no lookahead, no"
                            + " backreference and no possessive repetition");
        }
    }

    private static JsonNode object(Path file, JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            throw bad(file, "has " + key + " that are not a map");
        }
        return node;
    }

    private static Map<String, String> texts(Path file, String what, JsonNode node) {
        Map<String, String> texts = new HashMap<>();
        if (!node.isObject()) {
            throw bad(file, "has no map of architectures for " + what);
        }
        node.properties()
                .forEach(
                        entry -> {
                            if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                                throw bad(
                                        file,
                                        "has an image that is not a text for "
                                                + what
                                                + ", "
                                                + entry.getKey());
                            }
                            texts.put(entry.getKey(), entry.getValue().asText());
                        });
        return texts;
    }

    private static MachineException bad(Path file, String what) {
        return new MachineException(file + " " + what);
    }
}
