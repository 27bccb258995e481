package dev.machine.driver;

import java.util.Optional;

/**
 * One option of a driver. The command line renders it as {@code --<driver>-<name>} (or as {@code
 * --<name>} where {@code bare} is true, as driver {@code none} has {@code --url}) and reads {@code
 * environment} where the flag is absent.
 *
 * @param name without the driver's prefix, for example {@code ssh-user}
 * @param environment the variable's name, for example {@code GENERIC_SSH_USER}
 * @param defaultValue what holds when neither flag, variable nor {@code config.yaml} says anything
 * @param secret never stored, never printed
 * @param bare rendered without the driver's prefix
 */
public record OptionSpec(
        String name,
        String environment,
        Optional<String> defaultValue,
        String help,
        Kind kind,
        boolean secret,
        boolean bare) {

    /** What follows the flag: a value, nothing, or the content of standard input. */
    public enum Kind {
        VALUE,
        FLAG,
        STDIN
    }

    /** An option with a value and a default. */
    public static OptionSpec withDefault(
            String name, String environment, String defaultValue, String help) {
        return new OptionSpec(
                name, environment, Optional.of(defaultValue), help, Kind.VALUE, false, false);
    }

    /** An option with a value that may be absent. */
    public static OptionSpec optional(String name, String environment, String help) {
        return new OptionSpec(name, environment, Optional.empty(), help, Kind.VALUE, false, false);
    }

    /** An option that is there or not. */
    public static OptionSpec flag(String name, String environment, String help) {
        return new OptionSpec(name, environment, Optional.empty(), help, Kind.FLAG, false, false);
    }

    /** A secret that is given as a value, which may be a reference to a file. */
    public static OptionSpec secret(String name, String environment, String help) {
        return new OptionSpec(name, environment, Optional.empty(), help, Kind.VALUE, true, false);
    }

    /** A secret that is read from standard input, or from the environment. */
    public static OptionSpec secretFromStdin(String name, String environment, String help) {
        return new OptionSpec(name, environment, Optional.empty(), help, Kind.STDIN, true, false);
    }

    /** The same option without the driver's prefix. */
    public OptionSpec asBare() {
        return new OptionSpec(name, environment, defaultValue, help, kind, secret, true);
    }
}
