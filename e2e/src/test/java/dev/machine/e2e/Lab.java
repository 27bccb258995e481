package dev.machine.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lab of this checkout, by its one command; every call has a deadline. */
final class Lab {
    static final Path ROOT = root();
    private static final Path COMMAND = ROOT.resolve("lab/lab");
    private static final Duration QUICK = Duration.ofMinutes(4);

    /** The first `up` after a change builds layers. */
    private static final Duration UP = Duration.ofMinutes(8);

    private Lab() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(folder.resolve("lab/lab"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("these tests run inside a checkout");
            }
        }
        return folder;
    }

    static void up(String... switches) {
        run(UP, Stream.concat(Stream.of("up"), Stream.of(switches))).ok();
    }

    static void down(String name) {
        run(QUICK, Stream.of("down", name)).ok();
    }

    /** Path of the docker command of another Debian. */
    static String docker(String suite) {
        return run(UP, Stream.of("docker", suite)).ok();
    }

    /** Path of the Compose v2 of another Debian, by that Debian's name. */
    static String compose(String suite) {
        return run(UP, Stream.of("compose", suite)).ok();
    }

    /** URL of an apt repository in the form of Docker's; the hub must be up. */
    static String dockerRepository() {
        return run(UP, Stream.of("docker-repo")).ok();
    }

    /** Makes an address that swallows every packet; the hub must be up. */
    static void hole(String address) {
        run(QUICK, Stream.of("hole", address)).ok();
    }

    static void cut(String name) {
        run(QUICK, Stream.of("cut", name)).ok();
    }

    static void boot(String name) {
        run(UP, Stream.of("boot", name)).ok();
    }

    /** Runs a shell script as root inside a node, past sshd. */
    static Output node(String name, String script) {
        return run(QUICK, Stream.of("node", name, "sh", "-c", script));
    }

    /** Runs a shell script in a node; what it must not see on its command line it reads. */
    static Output node(String name, String script, String stdin) {
        return run(QUICK, Stream.of("node", name, "sh", "-c", script), stdin);
    }

    /** Runs a shell script in the hub, where machine and docker are. */
    static Output hub(String script) {
        return run(QUICK, Stream.of("exec", "bash", "-c", script));
    }

    /** One of the lab's values: LAB_KEY, LAB_MIRROR … */
    static String value(String name) {
        return run(QUICK, Stream.of("env"))
                .ok()
                .lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static Output run(Duration deadline, Stream<String> words) {
        return run(deadline, words, "");
    }

    private static Output run(Duration deadline, Stream<String> words, String stdin) {
        List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
        words.forEach(command::add);
        try (Running running =
                Running.start(
                        command,
                        ROOT,
                        environment(Map.of()),
                        stdin.getBytes(StandardCharsets.UTF_8))) {
            return running.await(deadline);
        }
    }

    /** A command in the hub; closing the result ends it. */
    static Running start(Map<String, String> variables, byte[] stdin, List<String> words) {
        List<String> command = new ArrayList<>(List.of(COMMAND.toString(), "exec"));
        command.addAll(words);
        return Running.start(command, ROOT, environment(variables), stdin);
    }

    /**
     * Of our own environment only what the lab and the JVM need, so that no test passes by a
     * variable of its user.
     */
    private static Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> environment =
                System.getenv().entrySet().stream()
                        .filter(
                                entry ->
                                        entry.getKey()
                                                .matches(
                                                        "PATH|TMPDIR|JDK25|JAVA_HOME|MACHINE_LAB_.*"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(Map.of("HOME", "/nonexistent", "LC_ALL", "C.UTF-8"));
        all.putAll(variables);
        return all;
    }

    /** Waits until something is so, looking often. */
    static void until(String what, Duration deadline, BooleanSupplier so) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() >= end) {
                throw new AssertionError("not within " + deadline.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(Duration.ofMillis(50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }
}
