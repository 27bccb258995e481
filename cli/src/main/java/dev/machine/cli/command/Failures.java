package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Turns an error into text and an exit code; the only place that does. */
public final class Failures {
    private Failures() {}

    /** Says what went wrong, with the hint on a line of its own. */
    public static int report(Console console, boolean debug, Throwable error) {
        console.err().print(text("", debug, error));
        console.err().flush();
        return error instanceof MachineException known ? known.exitCode() : ExitCode.ERROR;
    }

    /** The same of one machine of several. */
    static String text(String prefix, boolean debug, Throwable error) {
        StringBuilder text = new StringBuilder();
        if (error instanceof MachineException known) {
            known.sentence().lines().forEach(line -> text.append(prefix).append(line).append('\n'));
            if (known.hint() != null) {
                text.append(prefix).append(known.hint()).append('\n');
            }
        } else {
            text.append(prefix).append("this is a defect of machine: ").append(error).append('\n');
            text.append(prefix).append("please report it with the output of --debug\n");
        }
        if (debug) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace, true));
            text.append(trace);
        }
        return text.toString();
    }
}
