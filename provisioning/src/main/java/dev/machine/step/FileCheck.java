package dev.machine.step;

import java.util.List;

/**
 * Whether every file that we write has a place: a link that leads nowhere, or a folder in a file's
 * place, is the owner's to mend.
 */
final class FileCheck {
    private static final String BAD = "bad.";

    private FileCheck() {}

    static List<String> obstacles(NodeContext node) {
        return node.facts().values().entrySet().stream()
                .filter(fact -> fact.getKey().startsWith(BAD))
                .map(fact -> obstacle(fact.getKey().substring(BAD.length()), fact.getValue()))
                .sorted()
                .toList();
    }

    private static String obstacle(String path, String what) {
        return what.contains("link")
                ? "%s %s: make what it leads to, or remove the link".formatted(path, what)
                : "%s %s: move it away".formatted(path, what);
    }
}
