package dev.machine.swarm.engine;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container as the cache keeps it: what is searched for as values, the rest of its entry in a
 * list as the JSON it is answered with.
 *
 * @param names without slash; the first is its own, others are links
 * @param created in seconds since 1970
 * @param ports with those that its settings fix, whether it runs or not
 * @param json its entry without {@code Names}, {@code Status} and the closing brace
 */
@SuppressWarnings("ArrayRecordComponent")
public record Container(
        String id,
        List<String> names,
        ImageUse image,
        long created,
        Run run,
        Map<String, String> labels,
        Attached attached,
        ContainerPorts ports,
        Resources resources,
        byte[] json) {

    /** The image it was made from: its name as it was asked for, and its id. */
    public record ImageUse(String name, String id) {}

    /**
     * Whether it runs.
     *
     * @param state one word: {@code running}, {@code exited}
     * @param status a text that grows old: {@code Up 3 minutes}
     * @param since when it started or ended, if known
     */
    public record Run(String state, String status, @Nullable Instant since) {}

    /**
     * What it is connected to.
     *
     * @param networks their names and the ids that clients see
     * @param mounts their names, sources and destinations
     */
    public record Attached(Set<String> networks, Set<String> mounts) {}

    /** Its own name. */
    public String name() {
        return names.isEmpty() ? id : names.getFirst();
    }

    /**
     * Reads an entry of an engine's list and makes it an entry of the swarm's list.
     *
     * @param known the engine's networks
     */
    static Container of(
            ObjectNode entry,
            String ip,
            @Nullable Instant since,
            Resources resources,
            NetworkStore known) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : entry.path("Names")) {
            String given = name.asText();
            String bare = given.startsWith("/") ? given.substring(1) : given;
            // An own name has no further slash; those with one are links.
            names.add(bare.contains("/") ? names.size() : 0, bare);
        }
        entry.remove("Names");
        ContainerPorts ports = ContainerPorts.rewrite(entry, ip);
        String status = entry.path("Status").asText("");
        entry.remove("Status");
        Set<String> networks = networks(entry, known);
        String json = entry.toString();
        return new Container(
                entry.path("Id").asText(),
                List.copyOf(names),
                new ImageUse(entry.path("Image").asText(""), entry.path("ImageID").asText("")),
                entry.path("Created").asLong(),
                new Run(entry.path("State").asText(""), status, since),
                labels(entry),
                new Attached(networks, mounts(entry)),
                ports.with(resources.ports()),
                resources,
                json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> labels(JsonNode entry) {
        Map<String, String> labels = new HashMap<>();
        entry.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return Map.copyOf(labels);
    }

    /** The names and ids of its networks; the ids in the entry become those that clients see. */
    private static Set<String> networks(ObjectNode entry, NetworkStore known) {
        JsonNode networks = entry.path("NetworkSettings").path("Networks");
        showNetworkIds(networks, known);
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, JsonNode> network : networks.properties()) {
            names.add(network.getKey());
            String id = network.getValue().path("NetworkID").asText("");
            if (id.isEmpty()) {
                // Engines tell the id only of a container that has been started.
                Network named = known.byName(network.getKey());
                id = named == null ? "" : named.shownId();
            }
            if (!id.isEmpty()) {
                names.add(id);
            }
        }
        return Set.copyOf(names);
    }

    /**
     * Replaces the ids of networks by those that clients see.
     *
     * @param networks the {@code Networks} of a container's settings
     * @param known those of its engine
     */
    public static void showNetworkIds(JsonNode networks, NetworkStore known) {
        for (JsonNode network : networks) {
            String id = network.path("NetworkID").asText("");
            if (network instanceof ObjectNode settings && !id.isEmpty()) {
                settings.put("NetworkID", known.shownId(id));
            }
        }
    }

    private static Set<String> mounts(JsonNode entry) {
        Set<String> names = new HashSet<>();
        for (JsonNode mount : entry.path("Mounts")) {
            names.add(mount.path("Name").asText(""));
            names.add(mount.path("Source").asText(""));
            names.add(mount.path("Destination").asText(""));
        }
        return Set.copyOf(names);
    }

    /** The same container with the sizes that an engine has measured. */
    public Container sized(ObjectNode measured) {
        StringBuilder sizes = new StringBuilder(new String(json, StandardCharsets.UTF_8));
        for (String key : List.of("SizeRw", "SizeRootFs")) {
            if (measured.has(key)) {
                sizes.append(",\"").append(key).append("\":").append(measured.get(key));
            }
        }
        byte[] more = sizes.toString().getBytes(StandardCharsets.UTF_8);
        return new Container(
                id, names, image, created, run, labels, attached, ports, resources, more);
    }

    /** Writes its entry with names and a status text. */
    public void writeTo(OutputStream out, List<String> shownNames, String shownStatus)
            throws IOException {
        out.write(json);
        String between = json.length > 1 ? "," : "";
        StringBuilder rest = new StringBuilder(between).append("\"Names\":[");
        for (String name : shownNames) {
            rest.append(rest.charAt(rest.length() - 1) == '[' ? "" : ",").append(quoted(name));
        }
        rest.append("],\"Status\":").append(quoted(shownStatus)).append('}');
        out.write(rest.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
