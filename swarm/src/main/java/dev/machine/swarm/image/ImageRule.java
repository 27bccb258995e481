package dev.machine.swarm.image;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule of images.yaml: names that match become what the template of a node's architecture says.
 * In a template {@code $1} is a group of the match, {@code $arch}, {@code $variant} and {@code
 * $platform} are the node's.
 *
 * @param match matched against the whole familiar name with its tag
 * @param except architectures that keep the name as it is, in any of their names
 * @param templates by architecture or {@code default}
 */
public record ImageRule(Pattern match, Set<String> except, Map<String, String> templates) {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([1-9])|(arch|variant|platform)\\b)");
    private static final String OTHERWISE = "default";

    public ImageRule {
        except = Set.copyOf(except);
        templates = Map.copyOf(templates);
    }

    boolean matches(String familiar) {
        return match.matcher(familiar).matches();
    }

    /** What a name that matches becomes for a platform; null if it stays. */
    @Nullable String apply(String familiar, Platform platform) {
        Matcher groups = match.matcher(familiar);
        String template = template(platform);
        if (!groups.matches() || template == null) {
            return null;
        }
        return VARIABLE.matcher(template)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        found.group(1) != null
                                                ? group(groups, Integer.parseInt(found.group(1)))
                                                : of(platform, found.group(2))));
    }

    /** Whether a name looks like what this rule makes for a platform. */
    boolean made(String familiar, Platform platform) {
        String template = template(platform);
        return template != null
                && made(template, familiar, word -> Pattern.quote(of(platform, word)));
    }

    /** Whether a name looks like what this rule makes for whatever platform. */
    boolean made(String familiar) {
        return templates.values().stream()
                .anyMatch(template -> made(template, familiar, ImageRule::any));
    }

    private @Nullable String template(Platform platform) {
        List<String> fields = platform.fields();
        if (fields.stream().anyMatch(except::contains)) {
            return null;
        }
        for (String field : fields) {
            String template = templates.get(field);
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

    private static String group(Matcher groups, int number) {
        String text = number <= groups.groupCount() ? groups.group(number) : null;
        return text == null ? "" : text;
    }

    private static boolean made(
            String template, String familiar, java.util.function.UnaryOperator<String> pattern) {
        StringBuilder made = new StringBuilder();
        boolean telling = false;
        int end = 0;
        Matcher variables = VARIABLE.matcher(template);
        while (variables.find()) {
            String literal = template.substring(end, variables.start());
            telling |= variables.group(2) != null || literal.matches(".*[A-Za-z0-9].*");
            made.append(Pattern.quote(literal))
                    .append(variables.group(1) != null ? ".+" : pattern.apply(variables.group(2)));
            end = variables.end();
        }
        String rest = template.substring(end);
        // One that only shuffles its groups says nothing about where a name is from.
        return (telling || rest.matches(".*[A-Za-z0-9].*"))
                && familiar.matches(made + Pattern.quote(rest));
    }
}
