package dev.machine.provisioning.facts;

import dev.machine.common.MachineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The facts of a node. Immutable; a step that changes something for later steps reads them again.
 *
 * @param values by the keys of {@code facts.sh}
 * @param skew how far the node's clock is ahead of this computer's; negative if behind
 * @param noRoot why the login user cannot become root; the facts are then only what that user can
 *     see
 */
public record Facts(Map<String, String> values, Duration skew, Optional<MachineException> noRoot) {
    private static final Duration TOLERATED_SKEW = Duration.ofSeconds(30);
    private static final String DROP_IN = "/etc/systemd/system/docker.service.d/10-machine.conf";

    public Facts {
        values = Map.copyOf(values);
    }

    /**
     * A unix socket that the engine listens on.
     *
     * @param bySystemd whether systemd made it and passed it to the engine (docker.socket)
     */
    public record EngineSocket(String path, boolean bySystemd) {
        /** Whether it is at the path that the Docker CLI uses by default. */
        public boolean isUsual() {
            return path.matches("(/var)?/run/docker\\.sock");
        }
    }

    /**
     * A systemd unit.
     *
     * @param load its LoadState: {@code loaded}, {@code masked}, {@code bad-setting} …
     * @param active its ActiveState: {@code failed} …
     * @param file its UnitFileState: {@code enabled}, {@code static} …; empty without a file
     */
    public record Unit(String load, String active, String file) {
        public boolean isMasked() {
            return load.equals("masked");
        }
    }

    /**
     * Reads the output of the facts script.
     *
     * @param now the time of this computer
     */
    public static Facts parse(String output, Instant now) {
        Map<String, String> values = new HashMap<>();
        for (String line : output.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        String clock = values.getOrDefault("clock", "");
        Duration skew =
                clock.matches("\\d{1,12}")
                        ? Duration.between(now, Instant.ofEpochSecond(Long.parseLong(clock)))
                        : Duration.ZERO;
        return new Facts(values, skew, Optional.empty());
    }

    /** The value of a key; empty if the node reported none. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** The value of a key, or the empty string. */
    public String text(String key) {
        return values.getOrDefault(key, "");
    }

    /** The content of a managed file by its short name; empty if the file is absent. */
    public Optional<String> file(String name) {
        return Optional.ofNullable(values.get("file." + name)).map(Facts::decode);
    }

    /** The same in bytes. */
    public Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(values.get("file." + name)).map(Facts::whole);
    }

    /**
     * The engine's unit as systemd reads it, with its drop-ins. If docker-machine's drop-in
     * existed, which has the same name as machine's, it comes after machine's, because it contains
     * the owner's command line.
     */
    public String unit() {
        String before =
                file("dropin.before").map(text -> "\n# " + DROP_IN + "\n" + text).orElse("");
        return decode(text("engine.unit")) + before;
    }

    /** Whether it is Debian or like Debian (os-release(5), ID and ID_LIKE). */
    public boolean isDebianLike() {
        return text("os.id").equals("debian") || (" " + text("os.like") + " ").contains(" debian ");
    }

    public boolean hasEngine() {
        return find("engine.binary").isPresent();
    }

    public boolean engineRuns() {
        return find("engine.pid").isPresent();
    }

    /** The unix sockets that the running engine listens on. */
    public List<EngineSocket> sockets() {
        return Stream.of(text("engine.sockets").split(" "))
                .map(word -> word.split("=", 2))
                .filter(pair -> pair.length == 2)
                .map(pair -> new EngineSocket(pair[0], pair[1].equals("systemd")))
                .toList();
    }

    /** Whether the engine runs, but none of its unix sockets has a path any more. */
    public boolean localSocketIsLost() {
        return engineRuns() && !sockets().isEmpty() && find("engine.local").isEmpty();
    }

    /** The command line of the running engine. */
    public List<String> arguments() {
        return decode(text("engine.arguments")).lines().toList();
    }

    /** A unit that systemd knows. */
    public Optional<Unit> unit(String name) {
        return find("unit." + name)
                .map(text -> text.split(" ", -1))
                .filter(words -> words.length == 3)
                .map(words -> new Unit(words[0], words[1], words[2]));
    }

    /** Other engines on the node, or programs that act as one; for a person. */
    public List<String> otherEngines() {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("engine.other."))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The number of running containers. */
    public int runningContainers() {
        String count = text("engine.running");
        return count.matches("\\d{1,6}") ? Integer.parseInt(count) : 0;
    }

    /** What a restart of the engine would stop; swarm mode does not allow live-restore. */
    public Optional<String> stoppedByRestart() {
        int containers = runningContainers();
        if (find("engine.swarm").isEmpty() || !engineRuns() || containers == 0) {
            return Optional.empty();
        }
        return Optional.of(
                (containers == 1 ? "one container runs" : containers + " containers run")
                        + " on an engine in swarm mode, which has no live-restore");
    }

    /** Whether the clock differs so much that it is reported, and set if the user allows it. */
    public boolean clockIsOff() {
        return skew.abs().compareTo(TOLERATED_SKEW) > 0;
    }

    /** The platform of its programs; empty if it is unknown. */
    public Optional<NodePlatform> findPlatform() {
        return NodePlatform.of(text("userland"), text("machine"));
    }

    /** The platform of a node whose facts were validated. */
    public NodePlatform platform() {
        return findPlatform()
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "unknown architecture: uname -m says \""
                                                + text("machine")
                                                + "\""));
    }

    /** Whether the engine starts at boot, or cannot be made to start. */
    public boolean startsAtBoot() {
        return switch (text("engine.enabled")) {
            case "enabled", "static", "indirect", "alias", "generated" -> true;
            default -> false;
        };
    }

    private static String decode(String base64) {
        return decoded(whole(base64));
    }

    /**
     * A file's text: UTF-8 unless a byte order mark says otherwise, as dockerd reads its
     * configuration since 23.0 (moby's daemon/config). The mark is removed.
     */
    public static String decoded(byte[] file) {
        int first = file.length > 0 ? file[0] & 0xff : -1;
        int second = file.length > 1 ? file[1] & 0xff : -1;
        if (first == 0xfe && second == 0xff) {
            return new String(file, 2, file.length - 2, StandardCharsets.UTF_16BE);
        }
        if (first == 0xff && second == 0xfe) {
            return new String(file, 2, file.length - 2, StandardCharsets.UTF_16LE);
        }
        boolean marked =
                first == 0xef && second == 0xbb && file.length > 2 && (file[2] & 0xff) == 0xbf;
        int start = marked ? 3 : 0;
        return new String(file, start, file.length - start, StandardCharsets.UTF_8);
    }

    /**
     * A file that a node sent in base64.
     *
     * @throws MachineException if it is incomplete or damaged
     */
    public static byte[] whole(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new MachineException(
                    "a file of the node did not arrive whole, so nothing is done with it: "
                            + e.getMessage(),
                    e);
        }
    }
}
