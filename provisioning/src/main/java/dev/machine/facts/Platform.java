package dev.machine.facts;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.Map;

/**
 * A platform in the words of the OCI image specification ({@code os/architecture[/variant]}).
 *
 * @param architecture a GOARCH: what the engine's programs are built for, and the label {@code
 *     architecture=}
 * @param variant of ARM, {@code v6} or {@code v7}; empty elsewhere
 */
public record Platform(String architecture, String variant) {
    private static final Map<String, String> BY_DEBIAN =
            Map.of(
                    "amd64", "amd64", "i386", "386", "arm64", "arm64", "armhf", "arm", "armel",
                    "arm", "ppc64el", "ppc64le", "s390x", "s390x", "riscv64", "riscv64");
    private static final Map<String, String> BY_MACHINE =
            Map.of(
                    "x86_64", "amd64", "i686", "386", "i386", "386", "aarch64", "arm64", "armv7l",
                    "arm", "armv8l", "arm", "armv6l", "arm", "ppc64le", "ppc64le", "s390x", "s390x",
                    "riscv64", "riscv64");

    /**
     * The userland decides, not the kernel: a 32-bit Raspberry Pi OS on a 64-bit kernel says {@code
     * aarch64} and runs arm programs only.
     *
     * @param userland Debian's name of the architecture, or empty
     * @param machine as {@code uname -m}
     */
    static Platform of(String userland, String machine) {
        String architecture =
                BY_DEBIAN.getOrDefault(userland, BY_MACHINE.getOrDefault(machine, ""));
        if (architecture.isEmpty()) {
            throw new MachineException(
                    "unknown architecture: uname -m says \"" + machine + "\"",
                    "name it with --engine-label architecture=…",
                    ExitCode.PRE_CREATE_CHECK);
        }
        if (!architecture.equals("arm")) {
            return new Platform(architecture, "");
        }
        return new Platform(
                architecture, machine.equals("armv6l") || userland.equals("armel") ? "v6" : "v7");
    }

    @Override
    public String toString() {
        return "linux/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
