package dev.machine.provisioning.step;

import dev.machine.provisioning.store.MachineRecord;
import java.util.List;
import java.util.Set;

/**
 * Checks that every file that machine writes can be written. A broken link, a folder in the place
 * of a file, or a file that root cannot write must be fixed by the owner.
 */
final class FileCheck {
    private static final String BAD = "bad.";

    /** The owner may have a reason for these: they matter only if something must be written. */
    private static final Set<String> FORBIDDEN = Set.of("immutable", "read-only");

    private FileCheck() {}

    static List<String> obstacles(NodeContext node) {
        return node.facts().values().entrySet().stream()
                .filter(fact -> fact.getKey().startsWith(BAD))
                .filter(fact -> !FORBIDDEN.contains(fact.getValue()) || isWritten(node))
                .map(fact -> obstacle(fact.getKey().substring(BAD.length()), fact.getValue()))
                .sorted()
                .toList();
    }

    /** The owner may lock files that need no change. */
    private static boolean isWritten(NodeContext node) {
        return node.record().phase() != MachineRecord.Phase.READY
                || !ConfigureEngine.difference(node).isNone();
    }

    /**
     * @param fault a word of facts.sh, and for a link where it leads
     */
    private static String obstacle(String path, String fault) {
        String[] words = fault.split(" ", 2);
        return path
                + switch (words[0]) {
                    case "immutable" -> " is immutable (chattr): sudo chattr -i -a " + path;
                    case "read-only" ->
                            " is on a read-only mount: have it mounted for writing, machine keeps the engine's configuration there";
                    case "link" ->
                            " is a link to %s, which is not there: make what it leads to, or remove the link"
                                    .formatted(words[words.length - 1]);
                    case "no-folder" -> " is no folder: move it away";
                    default -> " is no regular file: move it away";
                };
    }
}
