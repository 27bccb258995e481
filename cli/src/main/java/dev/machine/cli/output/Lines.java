package dev.machine.cli.output;

import dev.machine.common.Printable;

/** Prefixes every line of a message with its node: {@code NODE | message}. */
final class Lines {
    private Lines() {}

    static String of(String node, String message) {
        StringBuilder text = new StringBuilder();
        for (String line : message.split("\n", -1)) {
            text.append(node).append(" | ").append(Printable.line(line)).append('\n');
        }
        return text.toString();
    }
}
