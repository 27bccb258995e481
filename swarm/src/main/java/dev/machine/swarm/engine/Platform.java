package dev.machine.swarm.engine;

import dev.machine.common.ExitCode;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an image is built for, or a node can run, in the words of the OCI image specification:
 * {@code linux/arm/v7}. Other names for the same are understood as containerd does, and those of
 * {@code uname -m} besides.
 *
 * @param architecture a GOARCH; empty where only the system was asked for
 * @param variant empty where there is none
 */
public record Platform(String os, String architecture, String variant) {
    private static final Set<String> SYSTEMS =
            Set.of("linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "aix");
    private static final LinearPattern NUMBER = LinearPattern.of("[0-9]+");
    private static final LinearPattern VERSION = LinearPattern.of("[0-9]{1,9}(\\.[0-9]{1,9})?");

    /** The GOARCHs that images are built for. */
    public static final Set<String> ARCHITECTURES =
            Set.of(
                    "386",
                    "amd64",
                    "arm",
                    "arm64",
                    "loong64",
                    "mips",
                    "mips64",
                    "mips64le",
                    "mipsle",
                    "ppc64",
                    "ppc64le",
                    "riscv64",
                    "s390x",
                    "wasm");

    /** A text is no platform; the message says how one is written. */
    public static final class BadPlatformException extends MachineException {
        private static final long serialVersionUID = 1L;

        BadPlatformException(String message) {
            super(message, null, ExitCode.ERROR);
        }
    }

    /**
     * Reads {@code os/architecture/variant}, or less of it: {@code arm64}, {@code linux/arm},
     * {@code arm/v6}.
     *
     * @throws BadPlatformException if it is no platform
     */
    public static Platform parse(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split("/", -1);
        if (parts.length > 3 || List.of(parts).contains("")) {
            throw bad(text);
        }
        if (parts.length == 3) {
            return of(parts[0], parts[1], parts[2]);
        }
        if (SYSTEMS.contains(system(parts[0]))) {
            return parts.length == 1
                    ? new Platform(system(parts[0]), "", "")
                    : of(parts[0], parts[1], "");
        }
        Platform alone = of("linux", parts[0], parts.length == 2 ? parts[1] : "");
        if (!ARCHITECTURES.contains(alone.architecture)) {
            throw bad(text);
        }
        return alone;
    }

    private static BadPlatformException bad(String text) {
        return new BadPlatformException(
                "\""
                        + text
                        + "\" is not a platform: write it as linux/amd64, linux/arm64 or linux/arm/v7");
    }

    /** From three words, in whichever of their names. */
    public static Platform of(String os, String architecture, String variant) {
        String arch = architecture.toLowerCase(Locale.ROOT);
        String version = variant.toLowerCase(Locale.ROOT);
        version = NUMBER.matches(version) ? "v" + version : version;
        String system = system(os.toLowerCase(Locale.ROOT));
        return switch (arch) {
            case "i386", "i686" -> new Platform(system, "386", "");
            case "x86_64", "x86-64", "amd64" ->
                    new Platform(system, "amd64", version.equals("v1") ? "" : version);
            case "aarch64", "arm64" ->
                    new Platform(system, "arm64", version.equals("v8") ? "" : version);
            case "armhf", "armv7l", "armv8l" -> new Platform(system, "arm", "v7");
            case "armel", "armv6l" -> new Platform(system, "arm", "v6");
            case "armv5tel", "armv5l", "armv5tejl" -> new Platform(system, "arm", "v5");
            case "arm" -> new Platform(system, "arm", version.isEmpty() ? "v7" : version);
            case "ppc64el" -> new Platform(system, "ppc64le", version);
            default -> new Platform(system, arch, version);
        };
    }

    private static String system(String os) {
        return os.equals("macos") ? "darwin" : os;
    }

    /**
     * What an image says of itself. One for ARM that names no variant is not taken for ARMv7 as
     * names that people type are: builders of the time of ARMv6 boards wrote none.
     */
    public static Platform ofImage(String os, String architecture, String variant) {
        Platform platform = of(os, architecture, variant);
        return architecture.equalsIgnoreCase("arm") && variant.isEmpty()
                ? new Platform(platform.os, platform.architecture, "")
                : platform;
    }

    /**
     * What an engine can run: what its programs are built for, with the variant of the CPU.
     *
     * @param goarch {@code Arch} of {@code /version}
     * @param machine {@code Architecture} of {@code /info}, as {@code uname -m}
     * @param label the engine's label {@code architecture}; empty if there is none. It counts only
     *     where it says more than the engine: our own says {@code arm} for every variant
     */
    public static Platform ofEngine(String os, String goarch, String machine, String label) {
        Platform kernel = of(os.isEmpty() ? "linux" : os, machine, "");
        Platform own =
                goarch.isEmpty() || goarch.equals(kernel.architecture)
                        ? kernel
                        : of(kernel.os, goarch, "");
        if (label.isEmpty()) {
            return own;
        }
        Platform said;
        try {
            said = parse(label);
        } catch (BadPlatformException e) {
            return own;
        }
        return said.architecture.isEmpty()
                        || (said.architecture.equals(own.architecture) && !namesVariant(label))
                ? own
                : said;
    }

    // Not armhf: that of Raspbian is ARMv6, and its users say armhf all the same.
    private static boolean namesVariant(String label) {
        return label.contains("/") || label.startsWith("armv");
    }

    /** Whether what this can run includes an image for the other, as containerd decides. */
    public boolean accepts(Platform image) {
        if (!os.equals(image.os)) {
            return false;
        }
        if (image.architecture.isEmpty() || architecture.isEmpty()) {
            return true;
        }
        return switch (architecture) {
            case "arm" -> image.architecture.equals("arm") && version(image, 0) <= version(this, 7);
            case "arm64" ->
                    image.architecture.equals("arm")
                            ? version(image, 0) <= 8
                            : image.architecture.equals("arm64")
                                    && version(image, 8) <= version(this, 8);
            case "amd64" ->
                    image.architecture.equals("386")
                            || (image.architecture.equals("amd64")
                                    && version(image, 1) <= version(this, 1));
            default ->
                    architecture.equals(image.architecture)
                            && (image.variant.isEmpty() || image.variant.equals(variant));
        };
    }

    private static double version(Platform platform, int none) {
        if (!platform.variant.startsWith("v")) {
            return none;
        }
        String digits = platform.variant.substring(1);
        return VERSION.matches(digits) ? Double.parseDouble(digits) : none;
    }

    /**
     * The names that tables and rules may know this platform by, from exact to loose: the first
     * that a table or a rule has is the one that counts.
     */
    public List<String> fields() {
        String exact = architecture + (variant.isEmpty() ? "" : "/" + variant);
        List<String> all = new ArrayList<>();
        all.add(os + "/" + exact);
        all.add(exact);
        all.add(architecture);
        all.addAll(
                switch (exact) {
                    case "arm/v7" -> List.of("armv7l", "armhf", "arm32v7");
                    case "arm/v6" -> List.of("armv6l", "armel", "arm32v6");
                    case "arm/v5" -> List.of("armv5tel", "armel", "arm32v5");
                    case "arm64" -> List.of("linux/arm64/v8", "arm64/v8", "aarch64", "arm64v8");
                    case "amd64" -> List.of("x86_64");
                    case "386" -> List.of("i686", "i386");
                    case "ppc64le" -> List.of("ppc64el");
                    default -> List.of();
                });
        return all.stream().distinct().toList();
    }

    @Override
    public String toString() {
        return os
                + (architecture.isEmpty() ? "" : "/" + architecture)
                + (variant.isEmpty() ? "" : "/" + variant);
    }
}
