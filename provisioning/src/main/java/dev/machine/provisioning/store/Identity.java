package dev.machine.provisioning.store;

import java.util.Optional;

/**
 * By what a node is told from every other, as it said itself; a copied SD card has both from its
 * original.
 *
 * @param machineId machine-id(5)
 * @param engineId the engine's own, as {@code docker info} shows it
 * @param validated whether the node passed validation as this machine's. Before that nothing was
 *     done to it, and nothing may be
 */
public record Identity(Optional<String> machineId, Optional<String> engineId, boolean validated) {
    /** Of a node that nobody has asked yet, or that was refused. */
    public static Identity unknown() {
        return new Identity(Optional.empty(), Optional.empty(), false);
    }

    /** Of a node that passed validation. */
    public static Identity validated(Optional<String> machineId, Optional<String> engineId) {
        return new Identity(machineId, engineId, true);
    }

    /** Whether both know one thing at least, and it is the same. */
    public boolean agreesWith(Identity other) {
        return agree(machineId, other.machineId) || agree(engineId, other.engineId);
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isPresent() && one.equals(other);
    }
}
