package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.HostKeys;
import dev.machine.provisioning.store.Identity;
import dev.machine.provisioning.store.MachineRecord;
import java.util.Optional;

/**
 * Checks that the node is the one of the record: its address may belong to another computer by now,
 * and two records may have the same address. Every action on a node that was provisioned before
 * checks this first.
 */
public final class NodeProof {
    private NodeProof() {}

    /** The identity that a node reports. */
    static Identity seen(Facts facts) {
        return Identity.validated(
                facts.find("machine.id").filter(id -> id.matches("[0-9a-f]{32}")),
                facts.find("engine.id"));
    }

    /** Saves the node's identity in the record. */
    public static void remember(NodeContext node) {
        CloneCheck.remember(node, seen(node.facts()));
    }

    /**
     * Refuses a node that is not the one of the record.
     *
     * @throws MachineException if it is another machine, or if nothing proves that it is this one
     */
    public static void require(NodeContext node) {
        doubt(node)
                .ifPresent(
                        sentence -> {
                            throw new MachineException(
                                    sentence,
                                    "nothing was changed on the node; `machine rm "
                                            + node.record().name()
                                            + "` forgets the record and leaves every node as it is",
                                    ExitCode.ERROR);
                        });
    }

    /** Why the node may not be the one of the record; empty if it is proven. */
    public static Optional<String> doubt(NodeContext node) {
        MachineRecord own = node.record();
        if ((isNodeOf(own, node) && !isCopy(own, node)) || hasKeyOf(own, node)) {
            return Optional.empty();
        }
        String at = "the node at " + node.target().address();
        return Optional.of(
                CloneCheck.others(node).stream()
                        .filter(other -> isNodeOf(other, node))
                        .findFirst()
                        .map(
                                other ->
                                        "%s is machine \"%s\", not \"%s\""
                                                .formatted(at, other.name(), own.name()))
                        .orElseGet(
                                () ->
                                        own.identity().machineId().isPresent()
                                                ? "%s is another computer than the one that was machine \"%s\": its machine-id is %s, not %s"
                                                        .formatted(
                                                                at,
                                                                own.name(),
                                                                seen(node.facts())
                                                                        .machineId()
                                                                        .orElse("missing"),
                                                                own.identity().machineId().get())
                                                : "nothing proves that %s is machine \"%s\""
                                                        .formatted(at, own.name())));
    }

    /**
     * Whether a node at a record's address is that machine: by its identity, else by its
     * certificate.
     */
    static boolean isNodeOf(MachineRecord record, NodeContext node) {
        return record.identity().agreesWith(seen(node.facts()))
                || holder(node).filter(record.name()::equals).isPresent();
    }

    /**
     * Two records have the same identity if one was copied; then the certificate on the node
     * decides.
     */
    private static boolean isCopy(MachineRecord own, NodeContext node) {
        return holder(node).filter(own.name()::equals).isEmpty()
                && CloneCheck.others(node).stream()
                        .anyMatch(other -> other.identity().agreesWith(seen(node.facts())));
    }

    /** The machine that the certificate on the node was issued for by this store's CA. */
    private static Optional<String> holder(NodeContext node) {
        return node.facts()
                .file("server.pem")
                .flatMap(pem -> node.tools().authority().issuedFor(pem));
    }

    /**
     * Records of old versions have no identity but the host keys of their node. A node with another
     * machine's certificate is refused anyway.
     */
    private static boolean hasKeyOf(MachineRecord own, NodeContext node) {
        return !own.identity().validated()
                && holder(node).isEmpty()
                && CloneCheck.others(node).stream().noneMatch(other -> isNodeOf(other, node))
                && new HostKeys(node.tools().store().knownHosts())
                        .pinned(node.target().address(), node.target().port()).stream()
                                .map(HostKeys.HostKey::toString)
                                .anyMatch(own.hostKeys()::contains);
    }
}
