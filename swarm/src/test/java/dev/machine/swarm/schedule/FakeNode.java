package dev.machine.swarm.schedule;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.ContainerPorts;
import dev.machine.swarm.engine.Platform;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A node without an engine. */
record FakeNode(
        String name,
        @Nullable String trouble,
        Map<String, String> labels,
        long nanoCpus,
        long memory,
        List<String> images,
        Set<String> volumes,
        Set<String> networks,
        Ledger ledger)
        implements Node {
    static final long GIB = 1L << 30;

    static FakeNode of(String name) {
        return of(name, Map.of());
    }

    static FakeNode of(String name, Map<String, String> labels) {
        return new FakeNode(
                name,
                null,
                labels,
                4 * NANO,
                4 * GIB,
                List.of(),
                ConcurrentHashMap.newKeySet(),
                ConcurrentHashMap.newKeySet(),
                new Ledger());
    }

    @Override
    public String id() {
        return "ID-" + name;
    }

    @Override
    public Platform platform() {
        return new Platform("linux", "amd64", "");
    }

    @Override
    public boolean hasImage(String image) {
        return images.contains(image);
    }

    @Override
    public boolean hasVolume(String volume) {
        return volumes.contains(volume);
    }

    @Override
    public int volumesOf(String project) {
        return 0;
    }

    @Override
    public boolean hasNetwork(String id) {
        return networks.contains(id);
    }

    @Override
    public int networksOf(String project) {
        return 0;
    }

    @Override
    public ApiVersion newestApi() {
        return ApiVersion.NEWEST;
    }

    /** The container of a request as the engine would create it; it replaces the reservation. */
    Container made(PlacementRequest request) {
        Container container =
                new Container(
                        "id-" + request.swarmId(),
                        List.of(request.name()),
                        new Container.ImageUse(request.image().name(), ""),
                        0,
                        new Container.Run("created", "Created", null),
                        request.labels(),
                        new Container.Attached(
                                Set.copyOf(request.conditions().together().networks()), Set.of()),
                        new ContainerPorts(Set.of(), Set.of(), request.resources().ports()),
                        request.resources(),
                        new byte[0]);
        ledger.changed(null, container);
        return container;
    }
}
