package dev.machine.provisioning.node;

import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a node before machine's first change, and what of machine is still there; read in
 * one round trip.
 *
 * @param known whether that state was kept
 * @param touched whether files of machine are on the node
 * @param cleared whether an earlier run found that no data would be lost with the engine
 * @param purged packages that machine installed and that can be removed
 * @param kept packages that machine installed and that others need by now
 * @param removed packages, with versions, that the installation removed with the user's permission
 * @param removedFiles whether files were kept that the installation replaced
 * @param engineGoes whether the engine is among the packages to be removed, or is gone
 * @param data what is in the engine's folders: containers, volumes, images
 * @param daemonJson the original daemon.json
 * @param wasEnabled whether the engine started at boot
 * @param wasActive whether the engine ran
 */
public record SnapshotReader(
        boolean known,
        boolean touched,
        boolean cleared,
        List<String> purged,
        List<String> kept,
        List<String> removed,
        boolean removedFiles,
        boolean engineGoes,
        List<String> data,
        Optional<String> daemonJson,
        boolean wasEnabled,
        boolean wasActive) {

    public static SnapshotReader read(NodeShell shell, Facts facts) {
        ScriptResult answer =
                shell.asRoot(
                        new Script()
                                .run(PackageManager.of(facts).functions())
                                .include(
                                        SnapshotReader.class,
                                        "before.sh",
                                        EngineFiles.ORIGINAL,
                                        EngineFiles.MANAGED,
                                        EngineFiles.PAIR,
                                        EngineFiles.DAEMON_JSON));
        if (answer.status() != 0) {
            throw new MachineException(
                    "what the node was before cannot be read: " + answer.lastWords());
        }
        return parse(answer.out());
    }

    static SnapshotReader parse(String out) {
        Map<String, List<String>> said = new HashMap<>();
        for (String line : out.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                said.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return new SnapshotReader(
                said.containsKey("known"),
                said.containsKey("touched"),
                said.containsKey("cleared"),
                said.getOrDefault("purged", List.of()),
                said.getOrDefault("kept", List.of()),
                said.getOrDefault("removed", List.of()),
                said.containsKey("removed-files"),
                said.containsKey("engine"),
                said.getOrDefault("data", List.of()),
                said.getOrDefault("daemon", List.of()).stream()
                        .findFirst()
                        .map(text -> Facts.decoded(Facts.whole(text))),
                said.getOrDefault("enabled", List.of()).contains("enabled"),
                said.getOrDefault("active", List.of()).contains("active"));
    }
}
