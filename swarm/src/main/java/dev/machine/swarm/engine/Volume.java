package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.LinearPattern;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A volume of one engine, as its list shows it.
 *
 * @param scope {@code local}, or {@code global} if the driver shows it on every node
 * @param options of the driver; they may hold passwords, so never log them
 */
public record Volume(
        String name,
        String driver,
        String scope,
        Map<String, String> labels,
        Map<String, String> options) {
    /**
     * The label of a volume that was made before it was known which node its containers need. It
     * may be moved as long as it is empty and unused.
     */
    public static final String UNPLACED = "com.docker.swarm.volume.unplaced";

    /** The label by which a user says that a volume is the same on every node. */
    public static final String SHARED = "machine.volume.shared";

    private static final String LOCAL = "local";
    private static final LinearPattern ANONYMOUS = LinearPattern.of("[0-9a-f]{64}");

    /** Bytes that a label or an option takes at least. */
    private static final int PAIR_BYTES = 128;

    public Volume {
        labels = Map.copyOf(labels);
        options = Map.copyOf(options);
    }

    /** A volume of which only the name is known. */
    public static Volume local(String name) {
        return new Volume(name, LOCAL, LOCAL, Map.of(), Map.of());
    }

    /** The volume of an engine's answer. */
    public static Volume of(JsonNode json) {
        return new Volume(
                json.path("Name").asText(""),
                json.path("Driver").asText(LOCAL),
                json.path("Scope").asText(LOCAL),
                texts(json.path("Labels")),
                texts(json.path("Options")));
    }

    /**
     * The volumes of a list, by name.
     *
     * @param answer to {@code GET /volumes}
     */
    static Map<String, Volume> listed(JsonNode answer) {
        Map<String, Volume> all = new LinkedHashMap<>();
        for (JsonNode json : answer.path("Volumes")) {
            Volume volume = of(json);
            all.put(volume.name, volume);
        }
        return all;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties().forEach(pair -> texts.put(pair.getKey(), pair.getValue().asText()));
        return texts;
    }

    /** Whether the name is one that engines invent: 64 hexadecimal digits. */
    public static boolean isAnonymous(String name) {
        return ANONYMOUS.matches(name);
    }

    /**
     * Whether every node sees the same content: a driver of scope global, a file server that the
     * driver {@code local} mounts (mount(8): types nfs, nfs4 and cifs, option {@code addr}), or the
     * user's word.
     */
    public boolean shared() {
        return scope.equals("global")
                || labels.getOrDefault(SHARED, "").equals("true")
                || (driver.equals(LOCAL) && isRemote());
    }

    private boolean isRemote() {
        String type = options.getOrDefault("type", "");
        return type.startsWith("nfs")
                || type.equals("cifs")
                || ("," + options.getOrDefault("o", "")).contains(",addr=");
    }

    /** Whether it may still be moved if it turns out to be empty and unused. */
    public boolean unplaced() {
        return labels.getOrDefault(UNPLACED, "").equals("true") && !shared();
    }

    /** About how much memory it takes. */
    long bytes() {
        return name.length() + bytes(labels) + bytes(options);
    }

    private static long bytes(Map<String, String> texts) {
        return texts.entrySet().stream()
                .mapToLong(pair -> PAIR_BYTES + pair.getKey().length() + pair.getValue().length())
                .sum();
    }
}
