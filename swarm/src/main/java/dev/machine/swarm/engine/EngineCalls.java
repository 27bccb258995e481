package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls to one engine, in the newest API version that both sides speak. */
final class EngineCalls implements EngineApi {
    private final String name;
    private final EngineClient client;
    private final EngineTimings timings;
    private final InstantSource clock;
    private final Supplier<EngineStatus> status;

    /** The last answer to {@code /version}. */
    private volatile JsonNode version = MissingNode.getInstance();

    /**
     * @param status where the API versions that the engine speaks are read
     */
    EngineCalls(
            String name,
            EngineClient client,
            EngineTimings timings,
            InstantSource clock,
            Supplier<EngineStatus> status) {
        this.name = name;
        this.client = client;
        this.timings = timings;
        this.clock = clock;
        this.status = status;
    }

    @Override
    public String name() {
        return name;
    }

    /** The path under the version to speak; without one until the engine's versions are known. */
    String path(String path) {
        EngineFacts facts = status.get().facts();
        return facts == null ? path : "/v" + facts.speak(ApiVersion.NEWEST) + path;
    }

    /** Asks an engine of which nothing is known what it is. */
    EngineFacts firstFacts() throws IOException {
        version = client.json("/version", timings.inspect());
        ApiVersion highest = ApiVersion.parse(version.path("ApiVersion").asText(""));
        ApiVersion lowest = ApiVersion.parse(version.path("MinAPIVersion").asText("1.24"));
        if (highest == null || lowest == null) {
            throw new IOException("what answers there is not a Docker engine");
        }
        if (lowest.compareTo(ApiVersion.NEWEST) > 0) {
            throw new EngineTooNewException(lowest);
        }
        return facts(lowest, highest);
    }

    /** Asks again for what may have changed while the engine ran. */
    EngineFacts facts(EngineFacts known) throws IOException {
        return facts(known.lowest(), known.highest());
    }

    private EngineFacts facts(ApiVersion lowest, ApiVersion highest) throws IOException {
        ApiVersion speak = ApiVersion.NEWEST.within(lowest, highest);
        EngineFacts facts =
                EngineFacts.of(
                        client.json("/v" + speak + "/info", timings.list()),
                        version,
                        lowest,
                        highest,
                        clock.instant());
        if (facts.cpus() <= 0 || facts.memory() <= 0) {
            throw new IOException(
                    "what answers there has no CPUs or memory: is it a Docker engine?");
        }
        return facts;
    }

    /** Opens the stream of events. */
    EngineReply events() throws IOException {
        EngineReply events = client.send(EngineRequest.get(path("/events")));
        if (events.status() != 200) {
            events.close();
            throw new IOException("the engine answered " + events.status() + " to /events");
        }
        return events;
    }

    /** Hands over the entries of a list. */
    void entries(String path, EntryTaker taker) throws IOException {
        client.entries(path(path), timings.list(), taker);
    }

    JsonNode get(String path, Duration deadline) throws IOException {
        return client.json(path(path), deadline);
    }

    @Override
    public void containers(EntryTaker taker) throws IOException {
        entries("/containers/json?all=1", taker);
    }

    @Override
    public void containers(Set<String> ids, EntryTaker taker) throws IOException {
        String filter = ids.stream().collect(Collectors.joining("\",\"", "{\"id\":[\"", "\"]}"));
        entries(
                "/containers/json?all=1&filters="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8),
                taker);
    }

    @Override
    public @Nullable JsonNode container(String id) throws IOException {
        try {
            return get("/containers/" + id + "/json", timings.inspect());
        } catch (EngineStatusException e) {
            if (e.status() == 404) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void images(EntryTaker taker) throws IOException {
        entries("/images/json", taker);
    }

    @Override
    public void networks(EntryTaker taker) throws IOException {
        entries("/networks", taker);
    }

    @Override
    public JsonNode volumes() throws IOException {
        return get("/volumes", timings.list());
    }
}
