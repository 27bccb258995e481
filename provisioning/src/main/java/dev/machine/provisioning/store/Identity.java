package dev.machine.provisioning.store;

import java.util.Optional;

/**
 * What tells a node from others, as the node reports it. A copied SD card has the same values as
 * its original.
 *
 * @param machineId machine-id(5)
 * @param engineId the engine's id, as {@code docker info} shows it
 * @param validated whether the node passed validation as this machine's node. Nothing is done to a
 *     node before that
 */
public record Identity(Optional<String> machineId, Optional<String> engineId, boolean validated) {
    /** The identity of a node that was not asked yet, or was refused. */
    public static Identity unknown() {
        return new Identity(Optional.empty(), Optional.empty(), false);
    }

    /** The identity of a node that passed validation. */
    public static Identity validated(Optional<String> machineId, Optional<String> engineId) {
        return new Identity(machineId, engineId, true);
    }

    /** Whether at least one id is known to both and equal. */
    public boolean agreesWith(Identity other) {
        return agree(machineId, other.machineId) || agree(engineId, other.engineId);
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isPresent() && one.equals(other);
    }
}
