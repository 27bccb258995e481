package dev.machine.provisioning.node;

import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.store.EngineInstall;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a package manager works with on one node.
 *
 * @param machine its name, for messages
 * @param install where the engine must come from
 * @param mayChangePackages whether the user allowed that other packages are removed or changed
 * @param lockWait how long another's package lock is waited for
 * @param notes gets messages about the progress
 */
public record PackageWork(
        String machine,
        NodeShell shell,
        Facts facts,
        EngineInstall install,
        boolean mayChangePackages,
        Duration lockWait,
        Consumer<String> notes) {}
