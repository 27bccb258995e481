package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks that the node has what an engine needs: the memory cgroup, disk space, its port. */
final class ResourceCheck {
    private static final long ENGINE_NEEDS_KB = 600_000;

    /** Certificates and configuration, with room for the logs of a restart. */
    private static final long FILES_NEED_KB = 10_000;

    /** The option's names for kernels of Raspberry Pi (its documentation of cmdline.txt). */
    private static final String WORDS = "cgroup_enable=memory cgroup_memory=1";

    private ResourceCheck() {}

    static List<String> obstacles(NodeContext node) {
        Facts facts = node.facts();
        List<String> obstacles = new ArrayList<>();
        memory(facts).ifPresent(obstacles::add);
        if (facts.find("disk.readonly").isPresent()) {
            obstacles.add(
                    "the root file system is mounted read-only: look at `dmesg` (a dying SD card?), repair it and reboot");
        }
        long needed = facts.hasEngine() ? FILES_NEED_KB : ENGINE_NEEDS_KB;
        full(facts, "disk.free.kb", "/var/lib", needed).ifPresent(obstacles::add);
        full(facts, "disk.free.etc.kb", "/etc", FILES_NEED_KB).ifPresent(obstacles::add);
        port(node, facts).ifPresent(obstacles::add);
        facts.find("dpkg.lock")
                .filter(holder -> !facts.hasEngine())
                .ifPresent(holder -> node.note("waiting for the package lock, held by " + holder));
        return obstacles;
    }

    private static Optional<String> memory(Facts facts) {
        if (!facts.text("cgroup.memory").equals("no")) {
            return Optional.empty();
        }
        Optional<String> file = facts.find("boot.cmdline");
        if (file.isEmpty()) {
            return Optional.of(
                    "the kernel's memory cgroup is off: add \"%s\" to the kernel's command line, where its boot loader has that, and reboot"
                            .formatted(WORDS));
        }
        if (facts.find("boot.cmdline.memory").isPresent()) {
            return Optional.of(
                    "the kernel's memory cgroup is off, but %s switches it on: reboot the node"
                            .formatted(file.get()));
        }
        return Optional.of(
                "the kernel's memory cgroup is off: add \"%s\" to the one line of %s and reboot: sudo sed -i '1s/$/ %s/' %s && sudo reboot"
                        .formatted(WORDS, file.get(), WORDS, file.get()));
    }

    private static Optional<String> full(Facts facts, String key, String folder, long needed) {
        return facts.find(key)
                .filter(free -> free.matches("\\d{1,15}") && Long.parseLong(free) < needed)
                .map(
                        free ->
                                "only %d MB are free in %s, and %d MB are needed: make room there (sudo apt-get clean, sudo journalctl --vacuum-size=50M)"
                                        .formatted(
                                                Long.parseLong(free) / 1000,
                                                folder,
                                                needed / 1000));
    }

    /**
     * Without root the program at the port is unknown; if the engine runs, it is assumed to be the
     * engine.
     */
    private static Optional<String> port(NodeContext node, Facts facts) {
        String owner = facts.text("port.taken");
        boolean ours =
                owner.isEmpty()
                        ? facts.engineRuns()
                        : Stream.of("docker", "systemd", "qemu-").anyMatch(owner::startsWith);
        if (facts.find("port.busy").isEmpty() || ours) {
            return Optional.empty();
        }
        return Optional.of(
                "port %d on the node is taken by %s: stop that, or create the machine with --%s-engine-port"
                        .formatted(
                                node.enginePort(),
                                owner.isEmpty() ? "another program" : owner,
                                node.record().driver()));
    }
}
