package dev.machine.swarm.image;

import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.swarm.engine.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One rule of images.yaml: a name that matches is replaced by the template of the node's
 * architecture. In a template {@code $1} is a group of the match; {@code $arch}, {@code $variant}
 * and {@code $platform} are those of the node.
 */
public final class ImageRule {
    private static final List<String> WORDS = List.of("arch", "variant", "platform");
    private static final String OTHERWISE = "default";

    private final LinearPattern match;
    private final Set<String> except;
    private final Map<String, List<Part>> templates = new HashMap<>();

    /** Match the names that the templates make, for any platform. */
    private final List<LinearPattern> made = new ArrayList<>();

    /**
     * A piece of a template: a text, a group of the match, or a word about the platform.
     *
     * @param group its number from 1; 0 if this part is not a group
     */
    private record Part(String text, int group, boolean word) {
        private static Part text(String text) {
            return new Part(text, 0, false);
        }
    }

    /**
     * A rule.
     *
     * @param match matched against the whole familiar name with its tag
     * @param except architectures that keep the name as it is; any name of an architecture will do
     * @param templates by architecture or {@code default}
     * @throws BadPatternException if a template is too long for a pattern that recognises its
     *     results
     */
    public ImageRule(LinearPattern match, Set<String> except, Map<String, String> templates)
            throws BadPatternException {
        this.match = match;
        this.except = Set.copyOf(except);
        for (Map.Entry<String, String> template : templates.entrySet()) {
            List<Part> parts = parts(template.getValue());
            this.templates.put(template.getKey(), parts);
            if (telling(parts)) {
                made.add(pattern(parts, ImageRule::any));
            }
        }
    }

    /** The expression as it was written. */
    String expression() {
        return match.toString();
    }

    boolean matches(String familiar) {
        return match.matches(familiar);
    }

    /** The new name for a platform; null if the name stays. */
    @Nullable String apply(String familiar, Platform platform) {
        List<Part> template = template(platform);
        List<String> groups = template == null ? null : match.groups(familiar);
        if (template == null || groups == null) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        for (Part part : template) {
            if (part.group > 0) {
                name.append(part.group < groups.size() ? groups.get(part.group) : "");
            } else {
                name.append(part.word ? of(platform, part.text) : part.text);
            }
        }
        return name.toString();
    }

    /** Whether a name looks like what this rule makes for a platform. */
    boolean made(String familiar, Platform platform) {
        List<Part> template = template(platform);
        try {
            return template != null
                    && telling(template)
                    && pattern(template, word -> LinearPattern.quote(of(platform, word)))
                            .matches(familiar);
        } catch (BadPatternException e) {
            return false;
        }
    }

    /** Whether a name looks like what this rule makes for any platform. */
    boolean made(String familiar) {
        return made.stream().anyMatch(pattern -> pattern.matches(familiar));
    }

    private @Nullable List<Part> template(Platform platform) {
        List<String> fields = platform.fields();
        if (fields.stream().anyMatch(except::contains)) {
            return null;
        }
        for (String field : fields) {
            List<Part> template = templates.get(field);
            if (template != null) {
                return template;
            }
        }
        return templates.get(OTHERWISE);
    }

    private static String of(Platform platform, String word) {
        return switch (word) {
            case "arch" -> platform.architecture();
            case "variant" -> platform.variant();
            default -> platform.toString();
        };
    }

    private static String any(String word) {
        return switch (word) {
            case "arch" -> "(?:" + String.join("|", Platform.ARCHITECTURES) + ")";
            case "variant" -> "v[0-9.]+";
            default -> "[a-z0-9]+/[a-z0-9]+(?:/v[0-9.]+)?";
        };
    }

    private static List<Part> parts(String template) {
        List<Part> parts = new ArrayList<>();
        int start = 0;
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', at + 1)) {
            Part variable = variable(template, at + 1);
            if (variable != null) {
                parts.add(Part.text(template.substring(start, at)));
                parts.add(variable);
                start = at + 1 + variable.text.length();
            }
        }
        parts.add(Part.text(template.substring(start)));
        return parts;
    }

    /** The variable that begins after a dollar; null if none does. */
    private static @Nullable Part variable(String template, int start) {
        char digit = start < template.length() ? template.charAt(start) : 0;
        if (digit >= '1' && digit <= '9') {
            return new Part(String.valueOf(digit), digit - '0', false);
        }
        for (String word : WORDS) {
            int end = start + word.length();
            boolean whole = end >= template.length() || !inWord(template.charAt(end));
            if (whole && template.startsWith(word, start)) {
                return new Part(word, 0, true);
            }
        }
        return null;
    }

    private static boolean inWord(char c) {
        return c == '_' || alphanumeric(c);
    }

    private static boolean alphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Whether names that a template makes can be recognised. They cannot if it has groups only. */
    private static boolean telling(List<Part> template) {
        return template.stream()
                .anyMatch(
                        part ->
                                part.word
                                        || (part.group == 0
                                                && part.text
                                                        .chars()
                                                        .anyMatch(ImageRule::alphanumeric)));
    }

    private static LinearPattern pattern(List<Part> template, UnaryOperator<String> word)
            throws BadPatternException {
        StringBuilder pattern = new StringBuilder();
        for (Part part : template) {
            if (part.group > 0) {
                pattern.append(".+");
            } else {
                pattern.append(part.word ? word.apply(part.text) : LinearPattern.quote(part.text));
            }
        }
        return LinearPattern.compile(pattern.toString());
    }
}
