package dev.machine.cli;

import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import java.util.List;

/** The entry of {@code machine}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Console console = Console.ofProcess();
        if (!FastPath.answered(arguments, console)) {
            System.exit(Wiring.commandLine(console).run(List.of(arguments)));
        }
        int code = console.delivered(ExitCode.OK);
        if (code != ExitCode.OK) {
            System.exit(code);
        }
    }
}
