package dev.machine.common;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The one place where text becomes an argument of a POSIX shell. A quoted argument reaches the
 * command byte for byte, whatever it contains, in dash, bash and busybox (POSIX.1-2017, XCU 2.2.2:
 * single quotes preserve every character). NUL cannot be part of an argument and is refused.
 */
public final class ArgumentQuoting {
    private ArgumentQuoting() {}

    /** Returns the text as one shell word. */
    public static String quote(String argument) {
        if (argument.indexOf('\0') >= 0) {
            throw new MachineException("an argument may not contain a NUL character");
        }
        return "'" + argument.replace("'", "'\\''") + "'";
    }

    /** Returns an argument vector as one command line. */
    public static String commandLine(List<String> arguments) {
        return arguments.stream().map(ArgumentQuoting::quote).collect(Collectors.joining(" "));
    }
}
