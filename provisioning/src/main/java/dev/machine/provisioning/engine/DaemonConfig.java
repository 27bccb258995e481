package dev.machine.provisioning.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.ExitCode;
import dev.machine.common.JsonFault;
import dev.machine.common.MachineException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The merged {@code /etc/docker/daemon.json}: the owner's settings stay, and what machine set last
 * is replaced by what is wanted now (keys as in Docker's reference for dockerd). Settings go into
 * the file and not on the command line, because the same option in both stops dockerd.
 *
 * @param content the new daemon.json
 * @param managed the part of it that machine set, which is kept beside it
 * @param changedKeys the keys whose values change
 * @param diff the same for a person: {@code labels (+site=home)}
 * @param before the configuration without machine, the command line included
 * @param after the configuration in {@code content}
 */
public record DaemonConfig(
        String content,
        String managed,
        List<String> changedKeys,
        List<String> diff,
        ObjectNode before,
        ObjectNode after) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String LABELS = "labels";
    private static final String MIRRORS = "registry-mirrors";
    private static final String INSECURE = "insecure-registries";
    private static final String OPTIONS = "options";

    /**
     * A key of managed.json: options that came from a command line, and that rm --purge puts back
     * there.
     */
    static final String MOVED = "moved";

    /**
     * Merges.
     *
     * @param current the file on the node, if there is one
     * @param lastManaged what machine set the last time, if it did
     * @param liveRestore whether containers survive a restart of the engine; engines in swarm mode
     *     refuse it
     */
    public static DaemonConfig merge(
            Optional<String> current,
            Optional<String> lastManaged,
            DaemonSpec wish,
            boolean liveRestore) {
        return merge(current, OwnerOptions.none(), lastManaged, wish, liveRestore);
    }

    /**
     * Merges, together with options of the command line.
     *
     * @param moved options that move from the command line into the file
     */
    public static DaemonConfig merge(
            Optional<String> current,
            OwnerOptions moved,
            Optional<String> lastManaged,
            DaemonSpec wish,
            boolean liveRestore) {
        ObjectNode written = parse(current, EngineFiles.DAEMON_JSON);
        List.of(LABELS, MIRRORS, INSECURE, "hosts").forEach(key -> insistOnTexts(written, key));
        ObjectNode last = parse(lastManaged, EngineFiles.MANAGED);
        ObjectNode before = join(written.deepCopy(), moved.settings());
        ObjectNode after = before.deepCopy();
        ObjectNode ours = JSON.createObjectNode();
        ObjectNode movedEver = join(moved.settings().deepCopy(), last.path(MOVED));
        if (!movedEver.isEmpty()) {
            ours.set(MOVED, movedEver);
        }

        ArrayNode optionKeys = ours.putArray(OPTIONS);
        wish.settings()
                .options()
                .forEach(
                        (option, value) -> {
                            String key = DaemonOptions.key(option);
                            after.set(key, DaemonOptions.value(key, value));
                            optionKeys.add(key);
                        });
        strings(last.path(OPTIONS)).stream()
                .filter(key -> !strings(optionKeys).contains(key))
                .forEach(after::remove);
        after.put("tlsverify", true);
        after.put("tlscacert", EngineFiles.CA);
        after.put("tlscert", EngineFiles.CERTIFICATE);
        after.put("tlskey", EngineFiles.KEY);
        Set<String> hosts = new LinkedHashSet<>(wish.hosts());
        strings(before.path("hosts")).stream()
                .filter(host -> host.startsWith("unix://") && !host.endsWith("/run/docker.sock"))
                .forEach(hosts::add);
        after.set("hosts", array(hosts));
        if (liveRestore) {
            after.put("live-restore", true);
        }
        Set<String> labelKeys = wish.labels().keySet();
        List<String> labels =
                wish.labels().entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .toList();
        List<String> foreign =
                strings(before.path(LABELS)).stream()
                        .filter(label -> !labelKeys.contains(label.split("=", 2)[0]))
                        .toList();
        set(after, ours, last, LABELS, labels, foreign);
        set(
                after,
                ours,
                last,
                MIRRORS,
                wish.settings().registryMirrors(),
                strings(before.path(MIRRORS)));
        set(after, ours, last, INSECURE, wish.insecureRegistries(), strings(before.path(INSECURE)));

        List<String> changed = differing(written, after);
        return new DaemonConfig(
                text(after),
                text(ours),
                changed,
                changed.stream()
                        .map(key -> KeyDiff.text(key, written.path(key), after.path(key)))
                        .toList(),
                before,
                after);
    }

    /** The value at a JSON pointer without machine; empty if there is none, or an empty text. */
    public String was(String pointer) {
        return before.at(pointer).asText();
    }

    /** The value at a JSON pointer in the new file. */
    public String becomes(String pointer) {
        return after.at(pointer).asText();
    }

    /** The keys in which a new file differs from the existing one. */
    public static List<String> changedKeys(Optional<String> current, Optional<String> next) {
        ObjectNode before = parse(current, EngineFiles.DAEMON_JSON);
        ObjectNode after = parse(next.or(() -> current), EngineFiles.DAEMON_JSON);
        return differing(before, after);
    }

    /** The keys of the new file come first, in its order. */
    private static List<String> differing(ObjectNode before, ObjectNode after) {
        Set<String> keys = new LinkedHashSet<>();
        after.fieldNames().forEachRemaining(keys::add);
        before.fieldNames().forEachRemaining(keys::add);
        return keys.stream().filter(key -> !after.path(key).equals(before.path(key))).toList();
    }

    /** Adds missing keys, and missing entries of lists. */
    static ObjectNode join(ObjectNode to, JsonNode more) {
        more.properties()
                .forEach(
                        property -> {
                            JsonNode there = to.get(property.getKey());
                            if (there == null || there.isNull()) {
                                to.set(property.getKey(), property.getValue());
                            } else if (there instanceof ArrayNode list) {
                                List<String> known = strings(list);
                                strings(property.getValue()).stream()
                                        .filter(entry -> !known.contains(entry))
                                        .forEach(list::add);
                            }
                        });
        return to;
    }

    private static void insistOnTexts(ObjectNode file, String key) {
        JsonNode value = file.path(key);
        boolean texts =
                value.isMissingNode()
                        || value.isNull()
                        || (value.isArray() && value.valueStream().allMatch(JsonNode::isTextual));
        if (!texts) {
            throw invalid(EngineFiles.DAEMON_JSON, "\"" + key + "\" is no list of texts", null);
        }
    }

    /** Whether a configuration lets containers survive a restart of the engine. */
    public static boolean hasLiveRestore(Optional<String> content) {
        return parse(content, EngineFiles.DAEMON_JSON).path("live-restore").asBoolean();
    }

    /** A configuration that changes only live-restore, which a running engine accepts by SIGHUP. */
    public static String withLiveRestore(Optional<String> content, boolean on) {
        return text(parse(content, EngineFiles.DAEMON_JSON).put("live-restore", on));
    }

    /** Sets a list: the wanted entries, then the existing ones that machine did not set. */
    private static void set(
            ObjectNode after,
            ObjectNode ours,
            ObjectNode last,
            String key,
            List<String> wanted,
            List<String> found) {
        Set<String> all = new LinkedHashSet<>(wanted);
        List<String> formerly = strings(last.path(key));
        found.stream().filter(entry -> !formerly.contains(entry)).forEach(all::add);
        ours.set(key, array(wanted));
        if (wanted.isEmpty() && formerly.isEmpty()) {
            // The owner's list stays, even an empty one: to Docker 29.10 that is not the default.
            return;
        }
        if (all.isEmpty()) {
            after.remove(key);
        } else {
            after.set(key, array(all));
        }
    }

    static ObjectNode parse(Optional<String> text, String file) {
        if (text.isEmpty()) {
            return JSON.createObjectNode();
        }
        try {
            return DaemonJson.read(text.get())
                    .orElseThrow(() -> invalid(file, "it is no JSON object", null));
        } catch (JsonProcessingException e) {
            throw invalid(
                    file,
                    "line %d: %s".formatted(e.getLocation().getLineNr(), JsonFault.words(e)),
                    e);
        }
    }

    private static MachineException invalid(
            String file, String why, @Nullable JsonProcessingException cause) {
        return new MachineException(
                "the node's " + file + " cannot be merged: " + why,
                "fix or remove the file on the node and run it again; nothing was changed",
                ExitCode.PRE_CREATE_CHECK,
                cause);
    }

    static List<String> strings(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    private static ArrayNode array(Iterable<String> items) {
        ArrayNode array = JSON.createArrayNode();
        items.forEach(array::add);
        return array;
    }

    static String text(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings can be written", e);
        }
    }
}
