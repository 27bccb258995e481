package dev.machine.swarm.schedule;

import org.jspecify.annotations.Nullable;

/**
 * Whether a node has the CPUs and the memory left that a container is to be promised, and the image
 * where it cannot be had. No choice of filters changes that.
 */
final class Resources {
    private Resources() {}

    static @Nullable String refusal(Node node, PlacementRequest demand) {
        Ledger.Totals promised = node.ledger().totals();
        long cpus = demand.promise().nanoCpus();
        long memory = demand.promise().memory();
        if (cpus > 0 && cpus > node.nanoCpus() - promised.nanoCpus()) {
            return Sizes.cpus(cpus)
                    + " CPUs asked, "
                    + Sizes.cpus(Math.max(0, node.nanoCpus() - promised.nanoCpus()))
                    + " of "
                    + Sizes.cpus(node.nanoCpus())
                    + " left";
        }
        if (memory > 0 && memory > node.memory() - promised.memory()) {
            return Sizes.bytes(memory)
                    + " of memory asked, "
                    + Sizes.bytes(Math.max(0, node.memory() - promised.memory()))
                    + " of "
                    + Sizes.bytes(node.memory())
                    + " left";
        }
        return demand.imagePresent() && !demand.imageOn(node)
                ? "has no image " + demand.image()
                : null;
    }
}
