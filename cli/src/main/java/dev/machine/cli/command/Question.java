package dev.machine.cli.command;

import dev.machine.common.MachineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A question that is answered by yes or no before something is done that cannot be undone. */
final class Question {
    private Question() {}

    /** Asks on standard error; no answer is no. */
    static boolean yes(Invocation call, String text) {
        call.console().err().print(text + " (y/n): ");
        call.console().err().flush();
        return line(call).toLowerCase(Locale.ROOT).startsWith("y");
    }

    private static String line(Invocation call) {
        try {
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            call.console().in(), StandardCharsets.UTF_8))
                            .readLine();
            if (line == null) {
                call.console().err().print('\n');
            }
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new MachineException("cannot read the answer: " + e.getMessage(), e);
        }
    }
}
