package dev.machine.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user of {@code ./machine} in the lab's network: a store and a home of his own, nothing
 * inherited. Closing removes both.
 */
final class Machine implements AutoCloseable {
    /** What a command may take: an install on an emulated ARM node is the longest. */
    static final Duration DEADLINE = Duration.ofMinutes(8);

    private static final String COMMAND = built();

    private final Path folder;
    private final Map<String, String> variables;
    private final String stdin;

    Machine() {
        this(newFolder(), Map.of(), "");
    }

    private Machine(Path folder, Map<String, String> variables, String stdin) {
        this.folder = folder;
        this.variables = variables;
        this.stdin = stdin;
    }

    /** A user whose config.yaml names the lab's registry as mirror. */
    static Machine mirrored() {
        Machine machine = new Machine();
        machine.configure("");
        return machine;
    }

    /** Builds what is stale while the network of the computer is ours: the hub has none. */
    private static String built() {
        Path command = Lab.ROOT.resolve("machine");
        Map<String, String> environment = new HashMap<>(System.getenv());
        try (Running build =
                Running.start(
                        List.of(command.toString(), "version"),
                        Lab.ROOT,
                        environment,
                        new byte[0])) {
            build.await(Duration.ofMinutes(8)).ok();
        }
        return command.toString();
    }

    private static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("machine-e2e-");
            Files.createDirectory(folder.resolve("home"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path store() {
        return folder.resolve("store");
    }

    Path home() {
        return folder.resolve("home");
    }

    /** The same user with one more environment variable. */
    Machine with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Machine(folder, more, stdin);
    }

    /** The same user who types this. */
    Machine typing(String lines) {
        return new Machine(folder, variables, lines);
    }

    Output run(String... words) {
        try (Running running = start(words)) {
            return running.await(DEADLINE);
        }
    }

    /** Creates a server of the lab by the generic driver, with the lab's key. */
    Output create(String name, String address, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("create", "-d", "generic", "--generic-ip-address", address));
        words.addAll(List.of("--generic-ssh-key", Lab.value("LAB_KEY")));
        words.addAll(List.of(more));
        words.add(name);
        return run(words.toArray(String[]::new));
    }

    /** Has the lab's registry as mirror in config.yaml, and what else stands there. */
    void configure(String more) {
        file(
                "config.yaml",
                "engine-registry-mirror: [%s]\n%s".formatted(Lab.value("LAB_MIRROR"), more));
    }

    Running start(String... words) {
        List<String> command = new ArrayList<>(List.of(COMMAND));
        command.addAll(List.of(words));
        return startInHub(command);
    }

    /** Any other command of this user: bash, docker … */
    Running startInHub(List<String> command) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MACHINE_STORAGE_PATH", store().toString());
        environment.put("HOME", home().toString());
        environment.putAll(variables);
        return Lab.start(environment, stdin.getBytes(StandardCharsets.UTF_8), command);
    }

    /** Runs a line of shell as this user would type it, with {@code machine} on the path. */
    Output shell(String line) {
        String path = "PATH=%s:$PATH; ".formatted(Lab.ROOT);
        try (Running running = startInHub(List.of("bash", "-c", path + line))) {
            return running.await(DEADLINE);
        }
    }

    /** {@code docker $(machine config …) words}. */
    Output docker(String config, String words) {
        return shell("docker $(machine config " + config + ") " + words);
    }

    /** Writes a file of the store, as a user would with an editor. */
    void file(String name, String content) {
        try {
            Files.createDirectories(store().resolve(name).getParent());
            Files.writeString(store().resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
