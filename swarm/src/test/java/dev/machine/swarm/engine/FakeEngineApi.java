package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An engine without sockets. A list is taken first and answered later: what a test does in between,
 * it gives to {@link #beforeAnswer(Step)}.
 */
final class FakeEngineApi implements EngineApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Entry and details by id, in the order of the list. */
    final Map<String, Box> containers = new LinkedHashMap<>();

    /** What it was asked, in order. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Map<String, ObjectNode> joined = new LinkedHashMap<>();
    private final List<byte[]> networks = new CopyOnWriteArrayList<>();

    private volatile @Nullable IOException volumesFail;

    /** Runs once, after the next list was taken and before it is answered. */
    private @Nullable Step beforeAnswer;

    /** What happens in between. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * A container.
     *
     * @param listed its state in the list
     * @param running what an inspection says
     * @param since {@code StartedAt} or {@code FinishedAt}
     */
    record Box(String listed, boolean running, String since, long memory) {}

    void container(String id, String state, String since) {
        containers.put(id, new Box(state, state.equals("running"), since, 1));
    }

    /** Lets every list of volumes fail from now on; null ends that. */
    void volumesFail(@Nullable IOException failure) {
        volumesFail = failure;
    }

    synchronized void beforeAnswer(Step step) {
        beforeAnswer = step;
    }

    private synchronized @Nullable Step takeStep() {
        Step step = beforeAnswer;
        beforeAnswer = null;
        return step;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void containers(EntryTaker taker) throws IOException {
        asked.add("list all");
        answer(entries(containers.keySet()), taker);
    }

    @Override
    public void containers(Set<String> ids, EntryTaker taker) throws IOException {
        asked.add("list " + String.join(",", ids.stream().sorted().toList()));
        answer(entries(ids), taker);
    }

    private List<byte[]> entries(Set<String> ids) {
        List<byte[]> entries = new ArrayList<>();
        containers.forEach(
                (id, box) -> {
                    if (ids.contains(id)) {
                        ObjectNode entry = JSON.createObjectNode().put("Id", id);
                        entry.putArray("Names").add("/" + id);
                        entry.put("State", box.listed);
                        entry.set("NetworkSettings", joined.get(id));
                        entries.add(entry.toString().getBytes(StandardCharsets.UTF_8));
                    }
                });
        return entries;
    }

    private void answer(List<byte[]> entries, EntryTaker taker) throws IOException {
        Step step = takeStep();
        if (step != null) {
            step.run();
        }
        for (byte[] entry : entries) {
            taker.take(entry);
        }
    }

    @Override
    public @Nullable JsonNode container(String id) {
        asked.add("inspect " + id);
        Box box = containers.get(id);
        if (box == null) {
            return null;
        }
        ObjectNode details = JSON.createObjectNode();
        details.putObject("State")
                .put("Running", box.running)
                .put(box.running ? "StartedAt" : "FinishedAt", box.since);
        details.putObject("HostConfig").put("Memory", box.memory);
        return details;
    }

    @Override
    public void images(EntryTaker taker) throws IOException {
        asked.add("images");
        answer(List.of("{\"Id\":\"sha256:1\"}".getBytes(StandardCharsets.UTF_8)), taker);
    }

    @Override
    public void networks(EntryTaker taker) throws IOException {
        asked.add("networks");
        for (byte[] network : networks) {
            taker.take(network);
        }
    }

    /** A container is in a network from now on. */
    void joined(String id, String network, String networkId) {
        ObjectNode settings = JSON.createObjectNode();
        settings.putObject("Networks").putObject(network).put("NetworkID", networkId);
        joined.put(id, settings);
    }

    /** One more network, in the list from now on. */
    void network(String json) {
        networks.add(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public JsonNode volumes() throws IOException {
        asked.add("volumes");
        IOException failure = volumesFail;
        if (failure != null) {
            throw failure;
        }
        return JSON.readTree("{\"Volumes\":[{\"Name\":\"data\"}]}");
    }

    /** What an engine's refusal is for its caller. */
    static EngineStatusException refused(int status) {
        return new EngineStatusException(status, "{}".getBytes(StandardCharsets.UTF_8));
    }
}
