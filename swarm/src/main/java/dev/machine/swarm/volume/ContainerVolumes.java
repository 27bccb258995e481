package dev.machine.swarm.volume;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineClient.NotSentException;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Volume;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.PlacementRequest;
import dev.machine.swarm.volume.EngineVolumes.Usage;
import dev.machine.swarm.volume.VolumeLocator.Held;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a node has the volumes of a container that it is about to create: shared volumes
 * are made there, and volumes that were made before their node was known are moved there.
 */
public final class ContainerVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerVolumes.class);

    private final Cluster cluster;
    private final VolumeLocator locator;
    private final Map<EngineCache, FutureTask<Map<String, Usage>>> measuring =
            new ConcurrentHashMap<>();

    public ContainerVolumes(Cluster cluster) {
        this.cluster = cluster;
        this.locator = new VolumeLocator(cluster);
    }

    /**
     * The same request, but volumes that are empty, unused and may be moved no longer bind it to
     * their node. Asks the engines of those volumes, so it is for containers that fit nowhere.
     *
     * @return empty if there are no such volumes
     */
    public Optional<PlacementRequest> unbound(PlacementRequest request) {
        List<PlacementRequest.Volume> volumes = request.conditions().volumes();
        if (volumes.isEmpty()) {
            return Optional.empty();
        }
        // Events tell the names of new volumes; their labels are in the lists.
        cluster.awaitFresh();
        List<PlacementRequest.Volume> unbound =
                volumes.stream()
                        .map(volume -> mayMove(volume) ? volume.asMovable() : volume)
                        .toList();
        return unbound.equals(volumes)
                ? Optional.empty()
                : Optional.of(request.withVolumes(unbound));
    }

    /** Whether a volume was made before its node was known, and is still empty and unused. */
    public boolean mayMove(PlacementRequest.Volume volume) {
        if (volume.movable() || volume.node() != null) {
            return volume.movable();
        }
        List<Held> holders = locator.holders(volume.name());
        return holders.size() == 1 && isEmptyAndUnused(holders.getFirst());
    }

    private boolean isEmptyAndUnused(Held held) {
        EngineCache engine = held.engine();
        String name = held.volume().name();
        if (!held.volume().unplaced()
                || !engine.status().healthy()
                || engine.containers().all().stream()
                        .anyMatch(container -> container.attached().mounts().contains(name))) {
            return false;
        }
        try {
            Usage usage = usage(engine).get(name);
            return usage != null && usage.bytes() == 0 && usage.containers() == 0;
        } catch (IOException e) {
            LOG.warn("node {}: volume {} not measured: {}", engine.name(), name, e.getMessage());
            return false;
        }
    }

    /**
     * Measures the volumes of an engine. Containers that ask at the same time share the answer,
     * because older engines refuse to measure twice at once (moby, daemon/disk_usage.go).
     */
    private Map<String, Usage> usage(EngineCache engine) throws IOException {
        FutureTask<Map<String, Usage>> own = new FutureTask<>(() -> EngineVolumes.usage(engine));
        FutureTask<Map<String, Usage>> running = measuring.putIfAbsent(engine, own);
        try {
            if (running != null) {
                return running.get();
            }
            own.run();
            return own.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint is stopping", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            measuring.remove(engine, own);
        }
    }

    /**
     * Makes or moves volumes of a request to the node that it was given. A volume that no node has
     * is left to the engine.
     *
     * @throws NotSentException if the node does not answer; it has done nothing then
     * @throws HttpProblem 409 if a volume cannot be moved any more, else why an engine failed
     */
    public void bring(PlacementRequest request, EngineCache target) throws NotSentException {
        for (PlacementRequest.Volume volume : request.conditions().volumes()) {
            if (target.volumes().get(volume.name()) != null) {
                continue;
            }
            for (Held held : locator.holders(volume.name())) {
                if (held.volume().shared() || volume.movable()) {
                    bring(held, target);
                    break;
                }
            }
        }
    }

    private static void bring(Held held, EngineCache target) throws NotSentException {
        try {
            if (held.volume().shared()) {
                make(held.volume(), target);
            } else {
                move(held, target);
            }
        } catch (NotSentException e) {
            throw e;
        } catch (IOException e) {
            throw new HttpProblem(
                    502,
                    "did not say whether it made volume "
                            + held.volume().name()
                            + ": "
                            + e.getMessage());
        }
    }

    private static void make(Volume volume, EngineCache target) throws IOException {
        Answer answer = EngineVolumes.create(target, volume);
        if (answer.status() != 201) {
            throw new HttpProblem(
                    answer.status(),
                    "volume " + volume.name() + ": " + LimitedJson.message(answer.body()));
        }
    }

    private static void move(Held held, EngineCache target) throws IOException {
        remove(held);
        try {
            make(held.volume(), target);
        } catch (NotSentException | HttpProblem e) {
            putBack(held);
            throw e;
        }
    }

    private static void remove(Held held) {
        EngineCache source = held.engine();
        String name = held.volume().name();
        String cannot = "volume " + name + " cannot be moved from node " + source.name() + ": ";
        try {
            Answer removed = EngineVolumes.remove(source, name);
            if (removed.status() != 204 && removed.status() != 404) {
                throw new HttpProblem(409, cannot + LimitedJson.message(removed.body()));
            }
        } catch (IOException e) {
            throw new HttpProblem(409, cannot + e.getMessage());
        }
    }

    /** Without its labels Compose would take the volume for one of somebody else. */
    private static void putBack(Held held) {
        try {
            EngineVolumes.create(held.engine(), held.volume());
        } catch (IOException e) {
            LOG.warn(
                    "node {}: volume {} could not be made again: {}",
                    held.engine().name(),
                    held.volume().name(),
                    e.getMessage());
        }
    }
}
