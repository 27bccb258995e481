package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.facts.Facts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether the node can be provisioned at all; names every obstacle at once, and changes
 * nothing.
 */
final class ValidateFacts implements Step {
    private static final Duration SKEW_WORTH_A_WORD = Duration.ofSeconds(30);
    private static final Duration SKEW_TOO_BIG = Duration.ofMinutes(5);
    private static final long ENGINE_NEEDS_KB = 600_000;

    @Override
    public String title() {
        return "validate facts";
    }

    @Override
    public Change plan(NodeContext node) {
        Facts facts = node.facts();
        List<String> obstacles = new ArrayList<>();
        system(node, facts, obstacles);
        resources(node, facts, obstacles);
        clock(node, facts, obstacles);
        port(node, facts, obstacles);
        if (!obstacles.isEmpty()) {
            throw new MachineException(
                    String.join("\n", obstacles),
                    "nothing was changed on the node",
                    ExitCode.PRE_CREATE_CHECK);
        }
        return Change.none();
    }

    @Override
    public void apply(NodeContext node, Change change) {
        throw new IllegalStateException("validation plans no change");
    }

    private static void system(NodeContext node, Facts facts, List<String> obstacles) {
        boolean installs = !facts.hasEngine();
        if (installs && node.record().engine().install().equals("none")) {
            obstacles.add(
                    "there is no Docker engine on the node, and --engine-install=none forbids to install one");
        } else if (installs && (!facts.isDebianLike() || facts.find("apt").isEmpty())) {
            obstacles.add(
                    "%s is not Debian, Ubuntu or Raspberry Pi OS: install Docker there yourself and use --engine-install=none"
                            .formatted(facts.find("os.name").orElse("the node's system")));
        }
        if (facts.init() == Facts.Init.UNKNOWN) {
            obstacles.add("neither systemd nor sysvinit starts services on the node");
        }
        String known = node.record().platform().orElse("");
        String found = facts.platform().toString();
        if (!known.isEmpty() && !known.equals(found)) {
            obstacles.add(
                    "the record says %s, the node is %s: is it another board? `machine rm` and create it anew"
                            .formatted(known, found));
        }
    }

    private static void resources(NodeContext node, Facts facts, List<String> obstacles) {
        if (facts.text("cgroup.memory").equals("no")) {
            obstacles.add(
                    "the kernel's memory cgroup is off: add \"cgroup_enable=memory cgroup_memory=1\" to the one line of"
                            + " /boot/firmware/cmdline.txt (older: /boot/cmdline.txt) and reboot");
        }
        String free = facts.text("disk.free.kb");
        if (!facts.hasEngine()
                && free.matches("\\d{1,15}")
                && Long.parseLong(free) < ENGINE_NEEDS_KB) {
            obstacles.add(
                    "only %d MB are free in /var/lib, and an engine needs %d MB"
                            .formatted(Long.parseLong(free) / 1000, ENGINE_NEEDS_KB / 1000));
        }
        facts.find("dpkg.lock")
                .filter(holder -> !facts.hasEngine())
                .ifPresent(holder -> node.note("waiting for the package lock, held by " + holder));
    }

    private static void clock(NodeContext node, Facts facts, List<String> obstacles) {
        Duration skew = facts.skew().abs();
        String difference =
                "the node's clock is %d s %s ours (node %s, here %s)"
                        .formatted(
                                skew.toSeconds(),
                                facts.skew().isNegative() ? "behind" : "ahead of",
                                node.tools().clock().instant().plus(facts.skew()),
                                node.tools().clock().instant());
        if (skew.compareTo(SKEW_TOO_BIG) > 0) {
            obstacles.add(
                    difference
                            + ": certificates would not be valid there; set it, or start its time service");
        } else if (skew.compareTo(SKEW_WORTH_A_WORD) > 0) {
            node.note(difference);
        }
    }

    private static void port(NodeContext node, Facts facts, List<String> obstacles) {
        String owner = facts.text("port.taken");
        if (facts.find("port.busy").isPresent()
                && !owner.isEmpty()
                && !owner.startsWith("docker")
                && !owner.startsWith("systemd")
                && !owner.startsWith("qemu-")) {
            obstacles.add("port %d on the node is taken by %s".formatted(node.enginePort(), owner));
        }
    }
}
