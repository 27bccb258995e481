package dev.machine.provisioning.facts;

import java.util.Map;
import java.util.Optional;

/**
 * A platform as in the OCI image specification ({@code os/architecture[/variant]}).
 *
 * @param architecture a GOARCH: the architecture of the engine's programs, and the label {@code
 *     architecture=}
 * @param variant of ARM: {@code v5}, {@code v6} or {@code v7}; otherwise empty
 */
public record NodePlatform(String architecture, String variant) {
    private static final Map<String, String> BY_DEBIAN =
            Map.of(
                    "amd64", "amd64", "i386", "386", "arm64", "arm64", "armhf", "arm", "armel",
                    "arm", "ppc64el", "ppc64le", "s390x", "s390x", "riscv64", "riscv64");
    private static final Map<String, String> BY_MACHINE =
            Map.of(
                    "x86_64", "amd64", "i686", "386", "i386", "386", "aarch64", "arm64", "ppc64le",
                    "ppc64le", "s390x", "s390x", "riscv64", "riscv64");

    /**
     * The userland decides, not the kernel: a 32-bit Raspberry Pi OS on a 64-bit kernel reports
     * {@code aarch64} and runs only arm programs.
     *
     * @param userland Debian's name of the architecture, or empty
     * @param machine the output of {@code uname -m}
     * @return empty for an architecture without an engine
     */
    static Optional<NodePlatform> of(String userland, String machine) {
        String known = machine.startsWith("armv") ? "arm" : BY_MACHINE.getOrDefault(machine, "");
        String architecture = BY_DEBIAN.getOrDefault(userland, known);
        return switch (architecture) {
            case "" -> Optional.empty();
            case "arm" -> Optional.of(new NodePlatform(architecture, variant(userland, machine)));
            default -> Optional.of(new NodePlatform(architecture, ""));
        };
    }

    /** Raspbian's armhf is built for ARMv6, so the processor decides there. */
    private static String variant(String userland, String machine) {
        if (machine.startsWith("armv5")) {
            return "v5";
        }
        return machine.startsWith("armv6") || userland.equals("armel") ? "v6" : "v7";
    }

    @Override
    public String toString() {
        return "linux/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
