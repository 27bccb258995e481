package dev.machine.swarm.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** An engine of the swarm as a node for containers. */
public final class EngineNode implements Node {
    private static final int MAX_CONCURRENT_CREATES = 16;

    private final EngineCache engine;
    private final double overcommit;
    private final Ledger ledger = new Ledger();
    private final Semaphore creates = new Semaphore(MAX_CONCURRENT_CREATES, true);

    EngineNode(EngineCache engine, double overcommit) {
        this.engine = engine;
        this.overcommit = overcommit;
        engine.containers().watch(ledger);
    }

    public EngineCache engine() {
        return engine;
    }

    /** Permits for creates on this engine; more creates at once would only wait inside it. */
    public Semaphore creates() {
        return creates;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public String id() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? "" : facts.id();
    }

    @Override
    public @Nullable String trouble() {
        return engine.status().trouble();
    }

    @Override
    public Map<String, String> labels() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? Map.of() : facts.labels();
    }

    @Override
    public long nanoCpus() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? 0 : Sizes.withOvercommit(facts.cpus(), overcommit) * NANO;
    }

    @Override
    public long memory() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? 0 : Sizes.withOvercommit(facts.memory(), overcommit);
    }

    @Override
    public Platform platform() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? new Platform("linux", "", "") : facts.platform();
    }

    @Override
    public List<String> images() {
        List<String> names = new ArrayList<>();
        for (ObjectNode image : engine.images()) {
            names.add(image.path("Id").asText());
            for (JsonNode tag : image.path("RepoTags")) {
                names.add(tag.asText());
            }
            for (JsonNode digest : image.path("RepoDigests")) {
                names.add(digest.asText());
            }
        }
        return names;
    }

    @Override
    public boolean hasImage(String name) {
        return images().stream().anyMatch(present -> ImageName.same(present, name));
    }

    @Override
    public boolean hasVolume(String name) {
        return engine.volumes().has(name);
    }

    /** An engine that was never reached is refused by its health. */
    @Override
    public ApiVersion newestApi() {
        EngineFacts facts = engine.status().facts();
        return facts == null ? ApiVersion.NEWEST : facts.highest();
    }

    @Override
    public int volumesOf(String project) {
        return (int)
                engine.volumes().all().stream()
                        .filter(volume -> project.equals(volume.labels().get(Together.PROJECT)))
                        .count();
    }

    @Override
    public boolean hasNetwork(String id) {
        return engine.networks().partOf(id) != null;
    }

    @Override
    public int networksOf(String project) {
        return (int)
                engine.networks().all().stream()
                        .filter(network -> project.equals(network.labels().get(Together.PROJECT)))
                        .count();
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }
}
