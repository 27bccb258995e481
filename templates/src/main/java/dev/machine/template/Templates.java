package dev.machine.template;

import dev.machine.common.ResourceText;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders the files of this package's resources. A placeholder is <code>{{name|format}}</code>, and
 * each has a {@link Format}, by which a value is quoted for its file. The content of a value is
 * never read as a placeholder.
 *
 * <p>A missing template, a placeholder without a value and a value without a placeholder are
 * programming errors ({@link IllegalArgumentException}); a value that its format cannot express is
 * a {@link dev.machine.common.MachineException}.
 */
public final class Templates {
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{([a-z][a-zA-Z]*)\\|([a-z-]+)}}");

    private Templates() {}

    /**
     * Renders a file.
     *
     * @param file its name without folders, for example {@code member.yaml}
     */
    public static String render(String file, Map<String, String> values) {
        return fill(file, ResourceText.read(Templates.class, file), values);
    }

    /** Docker's key, which signs its apt repository (fingerprint 9DC8 … 0EBF CD88). */
    public static String dockerKey() {
        return ResourceText.read(Templates.class, "docker.asc");
    }

    static String fill(String file, String template, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        Set<String> unused = new TreeSet<>(values.keySet());
        Matcher placeholders = PLACEHOLDER.matcher(template);
        int end = 0;
        while (placeholders.find()) {
            String name = placeholders.group(1);
            String value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException(file + " needs a value for " + name);
            }
            unused.remove(name);
            text.append(literal(file, template.substring(end, placeholders.start())));
            text.append(Format.of(placeholders.group(2)).quote(name, value));
            end = placeholders.end();
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(file + " has no place for " + unused);
        }
        return text.append(literal(file, template.substring(end))).toString();
    }

    private static String literal(String file, String text) {
        if (text.contains("{{") || text.contains("}}")) {
            throw new IllegalArgumentException(file + " has a placeholder that is none: " + text);
        }
        return text;
    }
}
