package dev.machine.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asked and an engine answered, as lines of JSON that can be played again elsewhere.
 *
 * <p>An id that an answer gave and a later request names is {@code ${idN}} in that request, or
 * {@code ${idN:12}} for its beginning; {@code learns} of the line whose answer gave it has the
 * place in that answer (RFC 6901). Ids and hashes that the client made are counted.
 */
final class ComposeRecording {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern ID =
            Pattern.compile("(?<![0-9a-f])(?=[0-9]*[a-f])([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])");

    /** The client's own headers that an engine may answer differently for. */
    private static final List<String> HEADERS =
            List.of("accept", "connection", "content-type", "upgrade", "user-agent");

    private final String folder;
    private final List<ObjectNode> lines = new ArrayList<>();

    /** Where an id was first seen. */
    private record Source(int line, String pointer, String text) {}

    private final List<Source> sources = new ArrayList<>();
    private final Map<Source, String> names = new LinkedHashMap<>();
    private final Map<String, String> own = new LinkedHashMap<>();

    /**
     * Makes the lines.
     *
     * @param folder of the compose files; it is {@code /project} in the lines
     */
    ComposeRecording(List<ComposeRecorder.Exchange> exchanges, String folder) {
        this.folder = folder;
        for (ComposeRecorder.Exchange exchange : exchanges) {
            add(exchange);
        }
    }

    /** One request a line. */
    List<String> lines() {
        return lines.stream().map(ObjectNode::toString).toList();
    }

    private void add(ComposeRecorder.Exchange exchange) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("request", exchange.method + " " + replaced(exchange.target));
        ObjectNode headers = line.putObject("headers");
        HEADERS.stream()
                .filter(exchange.headers::containsKey)
                .forEach(name -> headers.put(name, header(exchange.headers.get(name))));
        if (!exchange.body.isEmpty()) {
            addBody(line, exchange);
        }
        line.put("status", exchange.status());
        line.put("answers", kind(exchange.answer()));
        lines.add(line);
        JsonNode answer = tree(exchange.answer());
        ids(answer, "", (pointer, text) -> remember(pointer, text));
    }

    /** Without the version of this computer's kernel. */
    private static String header(String value) {
        return value.replaceFirst(" Linux/[^ ]*", " Linux");
    }

    private void addBody(ObjectNode line, ComposeRecorder.Exchange exchange) {
        JsonNode tree = tree(exchange.body);
        if (tree.isMissingNode()) {
            line.put("bytes", exchange.body.length());
        } else {
            line.set("body", tree(replaced(tree.toString())));
        }
    }

    private void remember(String pointer, String text) {
        if (sources.stream().noneMatch(source -> source.text.equals(text))) {
            sources.add(new Source(lines.size() - 1, pointer, text));
        }
    }

    private String replaced(String text) {
        Matcher ids = ID.matcher(text.replace(folder, "/project"));
        StringBuilder all = new StringBuilder();
        while (ids.find()) {
            ids.appendReplacement(all, Matcher.quoteReplacement(placeholder(ids.group())));
        }
        return ids.appendTail(all).toString();
    }

    private String placeholder(String id) {
        for (Map.Entry<String, String> other : own.entrySet()) {
            if (other.getKey().startsWith(id)) {
                return other.getValue().substring(0, id.length());
            }
        }
        for (Source source : sources) {
            if (source.text.startsWith(id)) {
                String name = names.computeIfAbsent(source, first -> "id" + (names.size() + 1));
                ObjectNode line = lines.get(source.line);
                line.withObjectProperty("learns").put(name, source.pointer);
                return id.length() == source.text.length()
                        ? "${%s}".formatted(name)
                        : "${%s:%d}".formatted(name, id.length());
            }
        }
        String counted = "%06x".formatted(own.size() + 1) + "c0de0".repeat(20);
        own.put(id, counted.substring(0, id.length()));
        return own.get(id);
    }

    /** Finds the ids in a tree; those of images and layers without their algorithm. */
    private static void ids(JsonNode node, String pointer, BiConsumer<String, String> found) {
        if (node.isTextual()) {
            String text = node.textValue().replaceFirst("^sha256:", "");
            if (text.matches("[0-9a-f]{64}")) {
                found.accept(pointer, text);
            }
        }
        node.properties()
                .forEach(
                        entry ->
                                ids(
                                        entry.getValue(),
                                        pointer + "/" + entry.getKey().replace("/", "~1"),
                                        found));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            ids(node.get(i), pointer + "/" + i, found);
        }
    }

    private static String kind(String answer) {
        JsonNode tree = tree(answer);
        return answer.isEmpty()
                ? "nothing"
                : tree.isObject() ? "object" : tree.isArray() ? "array" : "text";
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
