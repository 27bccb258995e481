package dev.machine.cli.output;

import dev.machine.common.Printable;

/** {@code NODE | message}: every line of a message bears its node's name, whatever is in it. */
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
