package dev.machine.cli;

import dev.machine.cli.output.Console;
import dev.machine.common.AtomicFiles;
import dev.machine.provisioning.ssh.SshKeyPair;
import dev.machine.provisioning.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The training runs that fill the AOT caches at build time. They run commands by their real code
 * path over a store with one machine. There are two caches because a JVM links every class of its
 * cache before {@code main}: with one cache for all commands, {@code config} would also link
 * picocli. Only {@code cli/build} calls this class.
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

    /**
     * Takes {@code fast}, or {@code full COMMAND…}, where the command starts an SSH server that
     * prints its port and runs nothing. {@code MACHINE_STORAGE_PATH} must name an empty folder.
     */
    public static void main(String[] arguments) throws IOException {
        Console console = Console.ofProcess();
        Path store = StorePath.of(Optional.empty(), console);
        Path folder = store.resolve("machines/node");
        AtomicFiles.privateDirectory(folder);
        AtomicFiles.write(folder.resolve("machine.json"), RECORD, AtomicFiles.PRIVATE);
        if (arguments[0].equals("fast")) {
            FAST.forEach(command -> Main.main(command.toArray(String[]::new)));
        } else {
            run(console, FULL);
            node(console, store, List.of(arguments).subList(1, arguments.length));
        }
    }

    private static void run(Console console, List<List<String>> commands) {
        commands.forEach(command -> Wiring.commandLine(console).run(command));
    }

    /** Creates, provisions, lists and removes a node whose engine is a {@link TrainingEngine}. */
    private static void node(Console console, Path folder, List<String> board) throws IOException {
        Path key = folder.resolve("id");
        SshKeyPair.kept(key, "training");
        Process server = new ProcessBuilder(board).redirectError(Redirect.INHERIT).start();
        try (BufferedReader said = server.inputReader();
                TrainingEngine engine = TrainingEngine.start(new Store(folder))) {
            List<String> create =
                    List.of(
                            "create",
                            "-d",
                            "generic",
                            "--generic-ip-address=127.0.0.1",
                            "--generic-ssh-user=root",
                            "--generic-ssh-port=" + said.readLine(),
                            "--generic-ssh-key=" + key,
                            "--generic-engine-port=" + engine.port(),
                            "board");
            run(console, List.of(create, List.of("provision", "board"), List.of("ls")));
            run(console, List.of(List.of("rm", "-y", "board")));
        } finally {
            server.destroy();
        }
    }
}
