package dev.machine.cli.command;

import dev.machine.common.MachineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A yes-or-no question before something that cannot be undone. */
public final class Confirmation {
    private Confirmation() {}

    /** Asks on standard error; no answer means no. */
    public static boolean yes(Invocation call, String text) {
        call.console().err().print(text + " (y/n): ");
        call.console().err().flush();
        return line(call).toLowerCase(Locale.ROOT).startsWith("y");
    }

    // Byte by byte, because a buffering reader would also take a password that follows the answer.
    private static String line(Invocation call) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int b = call.console().in().read();
            if (b < 0) {
                call.console().err().print('\n');
            }
            for (; b >= 0 && b != '\n'; b = call.console().in().read()) {
                line.write(b);
            }
        } catch (IOException e) {
            throw new MachineException("cannot read the answer: " + e.getMessage(), e);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
