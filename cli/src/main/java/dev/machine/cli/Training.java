package dev.machine.cli;

import dev.machine.cli.output.Console;
import dev.machine.common.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The runs that fill the AOT caches at build time: commands by their real code path, over a store
 * of one machine. Two caches, because a JVM links every class of its cache before {@code main}:
 * with one for all commands {@code config} would pay for picocli. Only {@code cli/build} calls it.
 */
final class Training {
    private static final String RECORD =
            """
            {"schema": 1, "name": "node", "driver": "none", "driverState": {"url": "tcp://127.0.0.1:1"},
             "phase": "READY", "url": "tcp://127.0.0.1:1", "ssh": null, "hostKeys": [],
             "engine": {"labels": {"a": "b"}, "registryMirrors": [], "insecureRegistries": [],
             "options": {}, "tlsSans": [], "install": "distro"},
             "swarm": {"cluster": "default", "member": true, "master": true, "strategy": "spread"}}
            """;

    private static final List<List<String>> FAST =
            List.of(
                    List.of("config", "node"),
                    List.of("config", "--swarm", "node"),
                    List.of("env", "--shell", "bash", "node"),
                    List.of("url", "node"),
                    List.of("ip", "node"));

    private static final List<List<String>> FULL =
            List.of(
                    List.of("config", "missing"),
                    List.of("ls", "--cached"),
                    List.of("ls"),
                    List.of("status", "node"),
                    List.of("inspect", "node"),
                    List.of("create", "--help"),
                    List.of("provision", "--bogus"),
                    List.of("help"));

    private Training() {}

    /** {@code fast} or {@code full}; the store is an empty folder that the environment names. */
    public static void main(String[] arguments) {
        Console console = Console.ofProcess();
        Path folder = StorePath.of(Optional.empty(), console).resolve("machines/node");
        AtomicFiles.privateDirectory(folder);
        AtomicFiles.write(folder.resolve("machine.json"), RECORD, AtomicFiles.PRIVATE);
        if (arguments[0].equals("fast")) {
            FAST.forEach(command -> Main.main(command.toArray(String[]::new)));
        } else {
            FULL.forEach(command -> Wiring.commandLine(console).run(command));
        }
    }
}
