package dev.machine.provisioning.step;

import dev.machine.provisioning.store.Identity;
import dev.machine.provisioning.store.MachineLock;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks that the node is not another machine of the store, nor a copy of one. Boards with a copied
 * SD card have the same machine-id, which DHCP servers use, and the same engine ID, which swarms
 * use. If several copies are checked at once, the first one is accepted.
 */
final class CloneCheck {
    private static final Duration STORE_LOCK = Duration.ofSeconds(30);
    private static final String MACHINE_ID =
            "sudo rm -f /var/lib/dbus/machine-id; tr -d - </proc/sys/kernel/random/uuid | sudo tee /etc/machine-id; sudo reboot";
    private static final String ENGINE_ID =
            "sudo service docker stop; sudo rm -f /etc/docker/key.json /var/lib/docker/engine-id; sudo service docker start";

    private CloneCheck() {}

    /** Why the node cannot be this record's; empty if it can. */
    static List<String> obstacles(NodeContext node) {
        List<String> obstacles = new ArrayList<>();
        for (MachineRecord other : others(node)) {
            if (hasAddressOf(other, node) && !mayBeNodeOf(other, node)) {
                node.note(
                        "machine \"%s\" is recorded at the same address, but was another computer: `machine rm -f %s` if it is gone"
                                .formatted(other.name(), other.name()));
            } else {
                obstacles.addAll(obstacles(node, other));
            }
        }
        return obstacles;
    }

    private static List<String> obstacles(NodeContext node, MachineRecord other) {
        if (hasAddressOf(other, node)) {
            return mayBeNodeOf(other, node)
                    ? List.of(
                            "it is machine \"%s\" already, at %s: use that one, or `machine rm %s` first"
                                    .formatted(other.name(), node.target().address(), other.name()))
                    : List.of();
        }
        Identity seen = NodeProof.seen(node.facts());
        List<String> obstacles = new ArrayList<>();
        machineId(seen, other).ifPresent(obstacles::add);
        engineId(seen.engineId(), other).ifPresent(obstacles::add);
        return obstacles;
    }

    /**
     * Called at the end of a validation without findings: if no other record has the node, its
     * identity is saved in this one.
     */
    static List<String> claim(NodeContext node) {
        return alone(
                node,
                () -> {
                    List<String> obstacles =
                            others(node).stream()
                                    .flatMap(other -> obstacles(node, other).stream())
                                    .toList();
                    if (obstacles.isEmpty()) {
                        remember(node, NodeProof.seen(node.facts()));
                    }
                    return obstacles;
                });
    }

    /** The same for an engine whose ID was unknown until it answered. */
    static Optional<String> obstacle(NodeContext node, String engineId) {
        return alone(
                node,
                () -> {
                    Optional<String> twin =
                            others(node).stream()
                                    .filter(other -> !hasAddressOf(other, node))
                                    .flatMap(
                                            other ->
                                                    engineId(Optional.of(engineId), other).stream())
                                    .findFirst();
                    if (twin.isEmpty()) {
                        remember(
                                node,
                                Identity.validated(
                                        node.record().identity().machineId(),
                                        Optional.of(engineId)));
                    }
                    return twin;
                });
    }

    /** A dry run writes nothing to the store, not even a lock. */
    private static <T> T alone(NodeContext node, Supplier<T> look) {
        if (node.dryRun()) {
            return look.get();
        }
        try (MachineLock lock = node.tools().store().lockStore(STORE_LOCK)) {
            return look.get();
        }
    }

    /** The other machines that have a node; a record that was refused does not count. */
    static List<MachineRecord> others(NodeContext node) {
        return node.tools().store().machines().stream()
                .filter(other -> !other.name().equals(node.record().name()))
                .filter(MachineRecord::hasNode)
                .toList();
    }

    /** Saves the node's identity; a known engine ID stays if the node does not report one now. */
    static void remember(NodeContext node, Identity seen) {
        Identity known = node.record().identity();
        Identity now = Identity.validated(seen.machineId(), seen.engineId().or(known::engineId));
        if (!now.equals(known)) {
            node.save(node.record().withIdentity(now));
        }
    }

    /** Whether both have the same address, or the other one has an address of this node. */
    private static boolean hasAddressOf(MachineRecord other, NodeContext node) {
        SshAccess own = node.record().ssh().orElseThrow();
        List<String> all = List.of(node.facts().text("addresses").split(" "));
        return other.ssh()
                .filter(ssh -> ssh.jump().equals(own.jump()))
                .filter(
                        ssh ->
                                (ssh.address().equals(own.address()) && ssh.port() == own.port())
                                        || all.contains(ssh.address()))
                .isPresent();
    }

    /** False if the address now belongs to another computer; then the old record does not count. */
    private static boolean mayBeNodeOf(MachineRecord other, NodeContext node) {
        Identity known = other.identity();
        return (known.machineId().isEmpty() && known.engineId().isEmpty())
                || NodeProof.isNodeOf(other, node);
    }

    private static Optional<String> machineId(Identity seen, MachineRecord other) {
        return twin(
                "machine-id", seen.machineId(), other.identity().machineId(), other, MACHINE_ID);
    }

    private static Optional<String> engineId(Optional<String> seen, MachineRecord other) {
        return twin("engine ID", seen, other.identity().engineId(), other, ENGINE_ID);
    }

    private static Optional<String> twin(
            String what,
            Optional<String> own,
            Optional<String> its,
            MachineRecord other,
            String cure) {
        if (own.isEmpty() || !own.equals(its)) {
            return Optional.empty();
        }
        return Optional.of(
                "its %s %s is also that of machine \"%s\" at %s (if that one has moved here, `machine rm %s` first), as on a copied SD card: give it its own: %s"
                        .formatted(
                                what,
                                own.get(),
                                other.name(),
                                other.ssh().map(SshAccess::address).orElse("?"),
                                other.name(),
                                cure));
    }
}
