package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.machine.common.NaturalOrder;
import dev.machine.common.Printable;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineStatus;
import dev.machine.swarm.schedule.Ledger;
import dev.machine.swarm.schedule.Node;
import dev.machine.swarm.schedule.Nodes;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.Sizes;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines about the swarm in {@code docker info}, in the form of Docker Swarm 0.2 ({@link
 * StatusKey}). Lines that later versions added follow after the labels. Parts come from engines and
 * files, so line breaks in them are replaced.
 */
final class StatusLines {
    private final Cluster cluster;
    private final Nodes nodes;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final ArrayNode lines = JsonNodeFactory.instance.arrayNode();

    StatusLines(Cluster cluster, Nodes nodes, Scheduler scheduler, InstantSource clock) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    ArrayNode lines() {
        Map<String, @Nullable EngineCache> engines = new TreeMap<>(NaturalOrder.INSTANCE);
        cluster.memberErrors().keySet().forEach(name -> engines.put(name, null));
        cluster.engines().forEach(engine -> engines.put(engine.name(), engine));
        line("Strategy", scheduler.strategy());
        line("Filters", scheduler.filters());
        line("Nodes", Integer.toString(engines.size()));
        engines.forEach(
                (name, engine) -> {
                    if (engine == null) {
                        line(StatusKey.line(name), "(unknown)");
                        detail(StatusKey.STATUS, "Pending");
                        detail(StatusKey.ERROR, error(name, null));
                    } else {
                        node(name, engine);
                    }
                });
        return lines;
    }

    private void node(String name, EngineCache engine) {
        EngineStatus status = engine.status();
        EngineFacts facts = status.facts();
        Node node = nodes.of(engine);
        Ledger.Totals reserved = node.ledger().totals();
        line(StatusKey.line(name), engine.member().address());
        detail(StatusKey.CONTAINERS, Integer.toString(engine.containers().all().size()));
        detail(
                StatusKey.RESERVED_CPUS,
                Sizes.cpus(reserved.nanoCpus()) + " / " + Sizes.cpus(node.nanoCpus()));
        detail(
                StatusKey.RESERVED_MEMORY,
                Sizes.bytes(reserved.memory()) + " / " + Sizes.bytes(node.memory()));
        detail(StatusKey.LABELS, facts == null ? "" : labels(facts));
        detail(StatusKey.STATUS, status.state().shown());
        detail(StatusKey.ID, facts == null ? "" : facts.id() + "|" + engine.member().address());
        detail(
                StatusKey.UPDATED_AT,
                (status.updatedAt() == null ? clock.instant() : status.updatedAt())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        detail(StatusKey.SERVER_VERSION, facts == null ? "" : facts.serverVersion());
        detail(
                StatusKey.PLATFORM,
                facts == null ? engine.member().platform() : facts.platform().toString());
        String error = error(name, status.error());
        if (!error.isEmpty()) {
            detail(StatusKey.ERROR, error);
        }
    }

    private String error(String name, @Nullable String ofEngine) {
        String ofFile = cluster.memberErrors().get(name);
        return ofFile == null
                ? ofEngine == null ? "" : ofEngine
                : ofEngine == null ? ofFile : ofEngine + "; " + ofFile;
    }

    private static String labels(EngineFacts facts) {
        return facts.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(", "));
    }

    private void line(String key, String value) {
        lines.addArray().add(Printable.line(key)).add(Printable.line(value));
    }

    private void detail(StatusKey key, String value) {
        line(key.line(), value);
    }
}
