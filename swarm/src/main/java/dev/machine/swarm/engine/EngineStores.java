package dev.machine.swarm.engine;

/** What the cache of one engine holds. */
record EngineStores(
        ContainerStore containers, ImageStore images, NetworkStore networks, VolumeStore volumes) {
    static EngineStores empty() {
        return new EngineStores(
                new ContainerStore(), new ImageStore(), new NetworkStore(), new VolumeStore());
    }
}
