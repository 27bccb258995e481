package dev.machine.driver;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.regex.Pattern;

/**
 * A machine's name: letters, digits, {@code .} and {@code -}, at most 63 characters, so that it can
 * be the name of a folder and a label.
 */
public record MachineName(String value) {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}");

    public MachineName {
        if (!isValid(value)) {
            throw new MachineException(
                    "invalid machine name \"" + value + "\"",
                    "a name has 1 to 63 letters, digits, '.' or '-' and starts with a letter or a digit",
                    ExitCode.USAGE);
        }
    }

    /** Whether a text may be a machine's name. */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches() && !text.contains("..");
    }

    @Override
    public String toString() {
        return value;
    }
}
