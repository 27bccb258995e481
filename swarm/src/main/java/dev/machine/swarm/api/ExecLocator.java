package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.HttpProblem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the node of an exec. Engines do not list execs, so their ids are remembered when they are
 * created; an exec from before a restart is searched for on all nodes at the same time.
 */
final class ExecLocator {
    private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_REMEMBERED = 10_000;
    private static final LinearPattern ID = LinearPattern.of("[0-9a-f]{64}");

    private final Cluster cluster;
    private final Map<String, String> nodes =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    ExecLocator(Cluster cluster) {
        this.cluster = cluster;
    }

    void remember(String id, EngineCache engine) {
        synchronized (nodes) {
            nodes.put(id, engine.name());
        }
    }

    /**
     * @throws HttpProblem 404 if no node that answers has it
     */
    EngineCache find(String id) {
        EngineCache known = remembered(id);
        if (known != null) {
            return known;
        }
        if (!ID.matches(id)) {
            throw none(id);
        }
        EngineCache found =
                FanOutQuery.<EngineCache>ask(
                                cluster.engines(),
                                engine -> {
                                    engine.get("/exec/" + id + "/json", SEARCH_TIMEOUT);
                                    return engine;
                                })
                        .first();
        if (found == null) {
            throw none(id);
        }
        remember(id, found);
        return found;
    }

    private @Nullable EngineCache remembered(String id) {
        String name;
        synchronized (nodes) {
            name = nodes.get(id);
        }
        return cluster.engines().stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static HttpProblem none(String id) {
        return new HttpProblem(404, "No such exec instance: " + id);
    }
}
