package dev.machine.cli.output;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Go's text/template that {@code --format} needs: text, {@code {{.Name}}}, {@code
 * {{.a.b}}}, {@code {{.}}}, {@code {{json .x}}}, {@code {{prettyjson .x}}}, {@code {{.x | json}}},
 * {@code {{"text"}}}, and the escapes {@code \t} and {@code \n} outside of braces. Anything else is
 * refused, not guessed. Values are shown as {@link Printable} has them; {@code json} keeps them.
 */
public final class GoTemplate {
    private final List<Node> nodes;

    private sealed interface Node {}

    private record Text(String text) implements Node {}

    /**
     * A path of fields from the root (empty for the root itself), and functions applied from left
     * to right.
     */
    private record Field(List<String> path, List<String> functions) implements Node {}

    private GoTemplate(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** What is printed for a field that does not exist. */
    public enum Missing {
        /** {@code <no value>}, as Go does for maps. */
        NO_VALUE,
        /** An error that names the field. */
        ERROR
    }

    /**
     * Parses a template.
     *
     * @throws MachineException exit code 2, if it is not valid
     */
    public static GoTemplate parse(String source) {
        List<Node> nodes = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            if (open < 0) {
                nodes.add(new Text(unescape(source.substring(at))));
                break;
            }
            nodes.add(new Text(unescape(source.substring(at, open))));
            int close = source.indexOf("}}", open);
            if (close < 0) {
                throw wrong(source, "an action is not closed");
            }
            nodes.add(action(source, source.substring(open + 2, close).strip()));
            at = close + 2;
        }
        return new GoTemplate(nodes);
    }

    /** Fills the template from maps, lists and plain values. */
    public String render(Object root, Missing missing) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            switch (node) {
                case Text plain -> text.append(plain.text);
                case Field field -> text.append(value(field, root, missing));
            }
        }
        return text.toString();
    }

    /** The names of the fields in their order: the columns of a table. */
    public List<String> fields() {
        List<String> names = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Field field) {
                names.add(String.join(".", field.path));
            }
        }
        return names;
    }

    /** The template with every field replaced by its column title. */
    String header(Map<String, String> titles) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            switch (node) {
                case Text plain -> text.append(plain.text);
                case Field field -> {
                    text.append(title(String.join(".", field.path), titles));
                }
            }
        }
        return text.toString();
    }

    /**
     * The title of a field; a field without a column gets one as in docker-machine: ACTIVE_HOST.
     */
    private static String title(String name, Map<String, String> titles) {
        if (name.equalsIgnoreCase("ResponseTime")) {
            return "RESPONSE";
        }
        return titles.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(
                        () ->
                                name.replaceAll("([a-z])([A-Z])", "$1_$2")
                                        .replace('.', '_')
                                        .toUpperCase(Locale.ROOT));
    }

    private static Node action(String source, String action) {
        if (action.length() >= 2 && action.startsWith("\"") && action.endsWith("\"")) {
            return new Text(unescape(action.substring(1, action.length() - 1)));
        }
        List<String> functions = new ArrayList<>();
        String[] stages = action.split("\\|", -1);
        String first = stages[0].strip();
        int blank = first.indexOf(' ');
        if (blank > 0) {
            functions.add(function(source, first.substring(0, blank)));
            first = first.substring(blank + 1).strip();
        }
        for (int i = 1; i < stages.length; i++) {
            functions.add(function(source, stages[i].strip()));
        }
        return new Field(path(source, first), functions);
    }

    private static String function(String source, String name) {
        if (name.equals("json") || name.equals("prettyjson")) {
            return name;
        }
        throw wrong(source, "\"" + name + "\" is not one of json, prettyjson");
    }

    private static List<String> path(String source, String field) {
        if (field.equals(".")) {
            return List.of();
        }
        if (!field.matches("(\\.[A-Za-z0-9_-]+)+")) {
            throw wrong(source, "\"" + field + "\" is not a field like .Name");
        }
        return List.of(field.substring(1).split("\\."));
    }

    private String value(Field field, Object root, Missing missing) {
        Object value = root;
        for (String key : field.path) {
            value = step(value, key);
            if (value == null) {
                break;
            }
        }
        if (value == null && missing == Missing.ERROR) {
            throw unknown(String.join(".", field.path), root);
        }
        if (field.functions.isEmpty()) {
            return value == null ? "<no value>" : Printable.line(String.valueOf(value));
        }
        String last = field.functions.getLast();
        return value == null
                ? "null"
                : last.equals("json") ? Structured.json(value) : Structured.prettyJson(value);
    }

    private static @Nullable Object step(Object value, String key) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Object exact = map.get(key);
        if (exact != null) {
            return exact;
        }
        // Users of docker-machine type {{.Name}}; the key in our files is "name".
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (key.equalsIgnoreCase(String.valueOf(entry.getKey()))) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static MachineException unknown(String field, Object root) {
        String known = root instanceof Map<?, ?> map ? String.valueOf(map.keySet()) : "none";
        return new MachineException(
                "there is no field ." + field,
                "fields: " + known.substring(1, known.length() - 1),
                ExitCode.USAGE);
    }

    private static MachineException wrong(String source, String reason) {
        return new MachineException(
                "template parsing error in '" + source + "': " + reason,
                "a template may contain {{.Field}}, {{json .Field}} and {{prettyjson .Field}}",
                ExitCode.USAGE);
    }

    private static String unescape(String text) {
        return text.replace("\\t", "\t").replace("\\n", "\n");
    }
}
