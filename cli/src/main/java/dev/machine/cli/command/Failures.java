package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Turns an error into text and an exit code; no other class does. Control characters in what nodes,
 * engines and clouds sent are made visible (see {@link Printable}).
 */
public final class Failures {
    private Failures() {}

    /** Prints the error and, on a line of its own, the hint. */
    public static int report(Console console, boolean debug, Throwable error) {
        console.err().print(text("", debug, error));
        console.err().flush();
        return error instanceof MachineException known ? known.exitCode() : ExitCode.ERROR;
    }

    /** The text of an error, each line with a prefix, for one of several machines. */
    static String text(String prefix, boolean debug, Throwable error) {
        StringBuilder text = new StringBuilder();
        if (error instanceof MachineException known) {
            Printable.lines(known.sentence())
                    .lines()
                    .forEach(line -> text.append(prefix).append(line).append('\n'));
            if (known.hint() != null) {
                text.append(prefix).append(Printable.lines(known.hint())).append('\n');
            }
        } else {
            text.append(prefix).append("this is a bug in machine: ");
            text.append(Printable.line(String.valueOf(error))).append('\n');
            text.append(prefix).append("please report it with the output of --debug\n");
        }
        if (debug) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(line -> text.append(shown(line)).append('\n'));
        }
        return text.toString();
    }

    /** Makes a line of a stack trace printable, and keeps the tab that it begins with. */
    private static String shown(String line) {
        return line.startsWith("\t") ? '\t' + Printable.line(line.strip()) : Printable.line(line);
    }
}
