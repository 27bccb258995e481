package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;

/**
 * The node as it was before us, kept in {@link EngineFiles#ORIGINAL} from the first step on that
 * writes to it, so that {@code rm --purge} can put it back: the files that we may write, which
 * folders there were, the services' states, and the packages.
 */
public final class NodeSnapshot {
    /** Folders that we or an engine make, those inside others first. */
    private static final String FOLDERS =
            "/etc/systemd/system/docker.service.d /etc/cni/net.d /etc/cni /etc/containerd"
                    + " /etc/apt/keyrings /var/lib/docker /var/lib/containerd /opt/containerd"
                    + " /etc/docker";

    private NodeSnapshot() {}

    /**
     * Keeps the node as it is, unless that was done before.
     *
     * @param before anything was done
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
