package dev.machine.swarm.testing.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One engine for load: its containers and images, and the readers of its events. It costs little,
 * so that the endpoint is what a bench measures; {@link dev.machine.swarm.testing.FakeEngine} is
 * the one that can fail in every way. As in an engine, a name is given once, a port of the host
 * belongs to one running container, and there is no container without an image.
 */
final class LoadEngine {
    static final long MEMORY = 4L << 30;
    static final String IMAGE_ID = "sha256:" + "a".repeat(64);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicLong IDS = new AtomicLong();

    final String name;
    private final boolean board;
    private final Map<String, LoadContainer> boxes = new ConcurrentHashMap<>();
    private final Map<String, String> idByName = new ConcurrentHashMap<>();
    private final Map<String, String> idByPort = new ConcurrentHashMap<>();
    private final LoadNetworks networks = new LoadNetworks(this);
    private final Set<String> images = ConcurrentHashMap.newKeySet();
    private final List<LinkedBlockingQueue<String>> listeners = new CopyOnWriteArrayList<>();

    /** An answer. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, byte[] body) {
        static Answer of(int status, JsonNode body) throws IOException {
            return new Answer(status, JSON.writeValueAsBytes(body));
        }

        static Answer none(int status) {
            return new Answer(status, new byte[0]);
        }

        static Answer problem(int status, String message) throws IOException {
            return of(status, JsonNodeFactory.instance.objectNode().put("message", message));
        }
    }

    /**
     * @param board whether it is an ARM board of 32 bits
     */
    LoadEngine(String name, boolean board) {
        this.name = name;
        this.board = board;
        images.add(LoadEngines.IMAGE);
    }

    /** Its architecture as Go names it. */
    String architecture() {
        return board ? "arm" : "amd64";
    }

    boolean has(String image) {
        return !tagOf(image).isEmpty();
    }

    /** The full name of an image that is here, given by its name or id; or nothing. */
    String tagOf(String image) {
        String tag = tagged(image);
        return images.contains(tag)
                ? tag
                : images.stream().filter(one -> imageId(one).equals(image)).findAny().orElse("");
    }

    void pulled(String image) {
        images.add(tagged(image));
        tell("image", "pull", tagged(image), tagged(image));
    }

    /**
     * What an image is built for: {@code multi} for several architectures, as in the lab's
     * registry, others for the one that their names tell in this repository's rules.
     */
    static List<String> architectures(String image) {
        if (image.contains("multi")) {
            return List.of("amd64", "arm");
        }
        return List.of(image.contains(".arm") ? "arm" : "amd64");
    }

    /** What the image of a name is built for here. */
    String architecture(String image) {
        List<String> all = architectures(image);
        return all.contains(architecture()) ? architecture() : all.getFirst();
    }

    /** The id of an image, the same on every engine of the architecture that it is built for. */
    String imageId(String image) {
        String tag = tagged(image);
        return tag.equals(LoadEngines.IMAGE)
                ? IMAGE_ID
                : "sha256:%08x".formatted((tag + architecture(tag)).hashCode()) + "a".repeat(56);
    }

    private static String tagged(String image) {
        String plain = image.replaceFirst("^docker\\.io/(library/)?", "");
        return plain.indexOf(':', plain.lastIndexOf('/') + 1) < 0 ? plain + ":latest" : plain;
    }

    Answer create(String asked, byte[] body) throws IOException {
        JsonNode wanted = JSON.readTree(body);
        if (!has(wanted.path("Image").asText())) {
            return Answer.problem(404, "No such image: " + wanted.path("Image").asText());
        }
        String id = "%016x".formatted(IDS.incrementAndGet() * 0x9E3779B97F4A7C15L) + "0".repeat(48);
        String boxName = asked.isEmpty() ? "box_" + id.substring(0, 16) : asked;
        if (idByName.putIfAbsent(boxName, id) != null) {
            return Answer.problem(
                    409, "Conflict. The container name \"/" + boxName + "\" is taken");
        }
        boxes.put(id, new LoadContainer(id, boxName, wanted, this));
        tell("container", "create", id, boxName);
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("Id", id);
        answer.putArray("Warnings");
        return Answer.of(201, answer);
    }

    Answer start(LoadContainer box) throws IOException {
        if (box.running) {
            return Answer.none(304);
        }
        for (String port : box.ports()) {
            if (!box.id.equals(idByPort.computeIfAbsent(port, free -> box.id))) {
                return Answer.problem(
                        500, "Bind for 0.0.0.0:" + port + ": port is already allocated");
            }
        }
        box.running = true;
        tell("container", "start", box.id, box.name);
        return Answer.none(204);
    }

    /** Ends a container; its ports are free then. */
    Answer stop(LoadContainer box) {
        if (!box.running) {
            return Answer.none(304);
        }
        box.running = false;
        idByPort.values().removeIf(box.id::equals);
        tell("container", "die", box.id, box.name);
        return Answer.none(204);
    }

    Answer remove(LoadContainer box) {
        boxes.remove(box.id);
        idByName.remove(box.name, box.id);
        idByPort.values().removeIf(box.id::equals);
        tell("container", "destroy", box.id, box.name);
        return Answer.none(204);
    }

    /**
     * Adds containers that run, as if they had always been there.
     *
     * @param body of the create of each
     */
    void fill(int count, byte[] body) throws IOException {
        for (int i = 0; i < count; i++) {
            Answer made = create("", body);
            start(box(JSON.readTree(made.body()).path("Id").asText()));
        }
    }

    void clear() {
        List.copyOf(boxes.values()).forEach(this::remove);
        networks.clear();
        images.removeIf(image -> !image.equals(LoadEngines.IMAGE));
    }

    LoadNetworks networks() {
        return networks;
    }

    Stream<LoadContainer> boxes() {
        return boxes.values().stream();
    }

    LoadContainer box(String text) {
        LoadContainer box = boxes.get(text);
        return box != null ? box : boxes.get(idByName.getOrDefault(text, ""));
    }

    int count() {
        return boxes.size();
    }

    long promised() {
        return boxes.values().stream().mapToLong(LoadContainer::memory).sum();
    }

    List<String> names() {
        return boxes.values().stream().map(box -> box.name).toList();
    }

    /** Those asked for by id in a list's filters, or all. */
    JsonNode list(String filters) throws IOException {
        JsonNode filter = JSON.readTree(filters.isEmpty() ? "{}" : filters);
        Set<String> ids = words(filter.path("id"));
        Set<String> labels = words(filter.path("label"));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        if (ids.isEmpty()) {
            boxes.values().stream()
                    .filter(box -> labels.isEmpty() || labels(box).containsAll(labels))
                    .forEach(box -> list.add(box.summary()));
        }
        for (String id : ids) {
            LoadContainer box = boxes.get(id);
            if (box != null) {
                list.add(box.summary());
            }
        }
        return list;
    }

    private static Set<String> labels(LoadContainer box) {
        return box.labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.toSet());
    }

    /** Docker's filters are lists, or objects whose keys count. */
    private static Set<String> words(JsonNode filter) {
        Set<String> words = new HashSet<>();
        filter.forEach(word -> words.add(word.asText()));
        if (filter.isObject()) {
            words.clear();
            filter.fieldNames().forEachRemaining(words::add);
        }
        return words;
    }

    JsonNode imageList() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String image : images) {
            ObjectNode entry = list.addObject();
            entry.put("Id", imageId(image)).put("Created", 1_700_000_000L);
            entry.put("Size", 1 << 20).putArray("RepoTags").add(image);
            entry.putArray("RepoDigests");
        }
        return list;
    }

    JsonNode info() {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("ID", "ID-" + name).put("Name", name).put("NCPU", 4).put("MemTotal", MEMORY);
        info.put("ServerVersion", "26.1.5").put("KernelVersion", "6.1").put("OSType", "linux");
        info.put("OperatingSystem", "Debian GNU/Linux 13")
                .put("Architecture", board ? "armv7l" : "x86_64");
        info.put("Driver", "overlay2").put("SystemTime", Instant.now().toString());
        info.putArray("Labels").add("provider=bench").add("node=" + name);
        return info;
    }

    LinkedBlockingQueue<String> listen() {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        listeners.add(queue);
        return queue;
    }

    void leave(LinkedBlockingQueue<String> queue) {
        listeners.remove(queue);
    }

    void tell(String type, String action, String id, String subject) {
        if (listeners.isEmpty()) {
            return;
        }
        Instant now = Instant.now();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("status", action).put("id", id).put("from", LoadEngines.IMAGE);
        event.put("Type", type).put("Action", action);
        ObjectNode actor = event.putObject("Actor").put("ID", id);
        actor.putObject("Attributes").put("image", LoadEngines.IMAGE).put("name", subject);
        event.put("scope", "local").put("time", now.getEpochSecond());
        event.put("timeNano", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        String line = event + "\n";
        listeners.forEach(queue -> queue.add(line));
    }
}
