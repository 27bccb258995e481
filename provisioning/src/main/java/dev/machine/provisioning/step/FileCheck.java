package dev.machine.provisioning.step;

import dev.machine.provisioning.store.MachineRecord;
import java.util.List;

/**
 * Whether every file that we write has a place: a link that leads nowhere, or a folder in a file's
 * place, or one that not even root may write, is the owner's to mend.
 */
final class FileCheck {
    private static final String BAD = "bad.";
    private static final String IMMUTABLE = "is immutable";
    private static final String READ_ONLY = "is on a read-only mount";

    private FileCheck() {}

    static List<String> obstacles(NodeContext node) {
        return node.facts().values().entrySet().stream()
                .filter(fact -> fact.getKey().startsWith(BAD))
                .filter(fact -> !forbidden(fact.getValue()) || isWritten(node))
                .map(fact -> obstacle(fact.getKey().substring(BAD.length()), fact.getValue()))
                .sorted()
                .toList();
    }

    private static boolean forbidden(String what) {
        return what.startsWith(IMMUTABLE) || what.startsWith(READ_ONLY);
    }

    /** An owner may lock what is as it should be. */
    private static boolean isWritten(NodeContext node) {
        return node.record().phase() != MachineRecord.Phase.READY
                || !ConfigureEngine.difference(node).isNone();
    }

    private static String obstacle(String path, String what) {
        if (what.startsWith(IMMUTABLE)) {
            return "%s %s: sudo chattr -i -a %s".formatted(path, what, path);
        }
        if (what.startsWith(READ_ONLY)) {
            return "%s %s: have it mounted for writing, machine keeps the engine's configuration there"
                    .formatted(path, what);
        }
        return what.contains("link")
                ? "%s %s: make what it leads to, or remove the link".formatted(path, what)
                : "%s %s: move it away".formatted(path, what);
    }
}
