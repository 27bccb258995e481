package dev.machine.swarm.schedule;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The engines of a swarm with the ledger of each. */
public final class Nodes implements Supplier<List<EngineNode>> {
    private final Cluster cluster;
    private final double overcommit;
    private final Map<EngineCache, EngineNode> known = new ConcurrentHashMap<>();

    /**
     * The nodes of a swarm.
     *
     * @param overcommit the share of memory and CPUs that can be reserved beyond what the node has
     */
    public Nodes(Cluster cluster, double overcommit) {
        this.cluster = cluster;
        this.overcommit = overcommit;
    }

    @Override
    public List<EngineNode> get() {
        Collection<EngineCache> engines = cluster.engines();
        List<EngineNode> nodes = new ArrayList<>();
        engines.forEach(engine -> nodes.add(of(engine)));
        if (known.size() > nodes.size()) {
            known.keySet().retainAll(engines);
        }
        return nodes;
    }

    public EngineNode of(EngineCache engine) {
        return known.computeIfAbsent(engine, made -> new EngineNode(made, overcommit));
    }
}
