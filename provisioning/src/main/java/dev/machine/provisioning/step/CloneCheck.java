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
 * Whether the node is another machine of the store, or a copy of it. Boards whose SD cards were
 * copied share their machine-id, by which DHCP servers know them, and their engine's ID, by which
 * swarms do. Of several that are looked at side by side the first one keeps what all have.
 */
final class CloneCheck {
    private static final Duration STORE_LOCK = Duration.ofSeconds(30);
    private static final String MACHINE_ID =
            "sudo rm -f /var/lib/dbus/machine-id; tr -d - </proc/sys/kernel/random/uuid | sudo tee /etc/machine-id; sudo reboot";
    private static final String ENGINE_ID =
            "sudo service docker stop; sudo rm -f /etc/docker/key.json /var/lib/docker/engine-id; sudo service docker start";

    private CloneCheck() {}

    /** What stands in the way of taking the node for the record's. */
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
     * The last of a validation that found nothing else: if the node is still nobody's, the record
     * says from now on that it is its own.
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

    /** The same for an engine whose ID was not to be seen before it answered. */
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

    /** A dry run leaves nothing in the store, no lock either. */
    private static <T> T alone(NodeContext node, Supplier<T> look) {
        if (node.dryRun()) {
            return look.get();
        }
        try (MachineLock lock = node.tools().store().lockStore(STORE_LOCK)) {
            return look.get();
        }
    }

    /** The machines that have a node; a record of one that was refused is in nobody's way. */
    static List<MachineRecord> others(NodeContext node) {
        return node.tools().store().machines().stream()
                .filter(other -> !other.name().equals(node.record().name()))
                .filter(MachineRecord::hasNode)
                .toList();
    }

    /** What the node says of itself is its identity; an engine ID that it does not say stays. */
    static void remember(NodeContext node, Identity seen) {
        Identity known = node.record().identity();
        Identity now = Identity.validated(seen.machineId(), seen.engineId().or(known::engineId));
        if (!now.equals(known)) {
            node.save(node.record().withIdentity(now));
        }
    }

    /** Whether both are reached by one address, or the other by one that this node has, too. */
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

    /** A computer may have come in the place of another, whose record is in nobody's way. */
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
