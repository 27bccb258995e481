package dev.machine.store;

import java.util.Optional;

/**
 * By what a node is told from every other, as it said itself; a copied SD card has both from its
 * original.
 *
 * @param machineId machine-id(5)
 * @param engineId the engine's own, as {@code docker info} shows it
 */
public record Identity(Optional<String> machineId, Optional<String> engineId) {
    /** Of a node that nobody has asked yet. */
    public static Identity unknown() {
        return new Identity(Optional.empty(), Optional.empty());
    }
}
