package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;

/**
 * Keeps the state of a node before machine's first change in {@link EngineFiles#ORIGINAL}, so that
 * {@code rm --purge} can restore it: the files that machine may write, the folders, the state of
 * the service, and the packages.
 */
public final class NodeSnapshot {
    /** Folders that machine or an engine creates; inner folders come first. */
    private static final String FOLDERS =
            "/etc/systemd/system/docker.service.d /etc/cni/net.d /etc/cni /etc/containerd"
                    + " /etc/apt/keyrings /var/lib/docker /var/lib/containerd /opt/containerd"
                    + " /etc/docker";

    private NodeSnapshot() {}

    /**
     * Adds shell that keeps the node's state, unless that was done before.
     *
     * @param before the facts before any change
     */
    public static Script remember(Script script, Facts before) {
        ServiceManager services = ServiceManager.of(before);
        return script.run(PackageManager.of(before).functions())
                .run(
                        Functions.text(
                                "engine_enabled", services.isEnabled(),
                                "engine_active", services.isActive(before)))
                .include(
                        NodeSnapshot.class,
                        "snapshot.sh",
                        EngineFiles.ORIGINAL,
                        before.hasEngine() ? "yes" : "no",
                        FOLDERS,
                        String.join(" ", ManagedFile.kept()));
    }
}
