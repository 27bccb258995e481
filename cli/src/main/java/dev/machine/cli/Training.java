package dev.machine.cli;

import dev.machine.cli.output.Console;
import dev.machine.common.AtomicFiles;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The run that fills the AOT cache at build time: the commands that must start fast, each by its
 * real code path, over a store of one machine. Only {@code cli/build} calls it.
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

    private static final List<String[]> COMMANDS =
            List.of(
                    new String[] {"config", "node"},
                    new String[] {"config", "--swarm", "node"},
                    new String[] {"env", "--shell", "bash", "node"},
                    new String[] {"url", "node"},
                    new String[] {"ip", "node"},
                    new String[] {"config", "missing"},
                    new String[] {"ls", "--cached"},
                    new String[] {"ls"},
                    new String[] {"status", "node"},
                    new String[] {"inspect", "node"},
                    new String[] {"create", "--help"},
                    new String[] {"provision", "--bogus"},
                    new String[] {"help"});

    private Training() {}

    public static void main(String[] arguments) {
        Path store = Path.of(arguments[0]);
        Path folder = store.resolve("machines/node");
        AtomicFiles.privateDirectory(folder);
        AtomicFiles.write(folder.resolve("machine.json"), RECORD, AtomicFiles.PRIVATE);
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Console console =
                new Console(
                        InputStream.nullInputStream(),
                        nowhere,
                        nowhere,
                        Map.of(StorePath.VARIABLE, store.toString()),
                        "machine",
                        false);
        for (String[] command : COMMANDS) {
            if (!FastPath.answered(command, console)) {
                var _ = Wiring.commandLine(console).run(List.of(command));
            }
        }
        // The process's own console too, without a word on it.
        Console.ofProcess().out().flush();
    }
}
