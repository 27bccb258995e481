package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Driver;
import dev.machine.driver.OptionSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The options of the drivers, named {@code --<driver>-<option>}. */
final class DriverFlags {
    private DriverFlags() {}

    /** The options of all drivers; an option of several drivers is listed once. */
    static List<CommandLine.Model.OptionSpec> options(List<Driver> drivers) {
        Map<String, CommandLine.Model.OptionSpec> options = new LinkedHashMap<>();
        for (Driver driver : drivers) {
            for (OptionSpec option : driver.info().options()) {
                options.computeIfAbsent(
                        flag(driver, option),
                        flag -> option(flag, option, owners(drivers, flag) + help(flag, option)));
            }
        }
        return List.copyOf(options.values());
    }

    /** The options of one driver, for help. */
    static HelpSection help(Driver driver) {
        List<CommandLine.Model.OptionSpec> options = new ArrayList<>();
        for (OptionSpec option : driver.info().options()) {
            String flag = flag(driver, option);
            options.add(option(flag, option, help(flag, option)));
        }
        String first = flag(driver, driver.info().options().getFirst());
        return new HelpSection(
                "Driver " + driver.info().name() + ", " + driver.info().summary(),
                HelpSection.ofOptions("", options).lines(),
                "Each can be a variable instead, as "
                        + variable(first)
                        + ", or a line of config.yaml.");
    }

    private static CommandLine.Model.OptionSpec option(
            String flag, OptionSpec option, String help) {
        return option.kind() == OptionSpec.Kind.VALUE
                ? Options.value("VALUE", help, flag)
                : Options.flag(help, flag);
    }

    /**
     * The text of an option; it names the variable only if that does not follow from the option's
     * name.
     */
    private static String help(String flag, OptionSpec option) {
        StringBuilder help = new StringBuilder(option.help());
        option.defaultValue().ifPresent(value -> help.append(" (").append(value).append(')'));
        if (!option.environment().isEmpty() && !option.environment().equals(variable(flag))) {
            help.append(" ($").append(option.environment()).append(')');
        }
        return help.toString();
    }

    /** The usual name of an option's variable. */
    private static String variable(String flag) {
        return flag.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String owners(List<Driver> drivers, String flag) {
        List<String> owners = having(drivers, flag);
        return (owners.size() == 1 ? "driver " : "drivers ") + String.join(", ", owners) + ": ";
    }

    /** The driver that {@code -d} or MACHINE_DRIVER names. */
    static Driver chosen(Invocation call) {
        List<Driver> drivers = call.services().drivers();
        String known =
                drivers.stream().map(it -> it.info().name()).collect(Collectors.joining(", "));
        String name =
                call.value("--driver")
                        .or(() -> call.console().variable("MACHINE_DRIVER"))
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                "no driver: name one with -d",
                                                "drivers: " + known,
                                                ExitCode.USAGE));
        return drivers.stream()
                .filter(driver -> driver.info().name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "there is no driver \"" + name + "\"",
                                        "drivers: " + known,
                                        ExitCode.USAGE));
    }

    /**
     * The values of a driver's options: option, else variable, else {@code config.yaml}, else
     * default. A password from standard input is not among them. An option of another driver is
     * refused.
     */
    static Map<String, String> values(
            Invocation call, Driver driver, Map<String, String> configured) {
        refuseForeign(call, driver);
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec option : driver.info().options()) {
            if (option.kind() != OptionSpec.Kind.STDIN) {
                given(call, driver, option)
                        .or(() -> Optional.ofNullable(configured.get(option.name())))
                        .or(option::defaultValue)
                        .ifPresent(value -> values.put(option.name(), value));
            }
        }
        return values;
    }

    /** Whether the driver's SSH password is read from standard input. */
    static boolean passwordOnStdin(Invocation call, Driver driver) {
        return driver.info().options().stream()
                .filter(option -> option.kind() == OptionSpec.Kind.STDIN)
                .anyMatch(option -> call.flag(flag(driver, option)));
    }

    /** The variable that may contain the driver's SSH password. */
    static String passwordVariable(Driver driver) {
        return driver.info().options().stream()
                .filter(option -> option.kind() == OptionSpec.Kind.STDIN)
                .map(OptionSpec::environment)
                .findFirst()
                .orElse("MACHINE_SSH_PASSWD");
    }

    private static Optional<String> given(Invocation call, Driver driver, OptionSpec option) {
        String flag = flag(driver, option);
        Console console = call.console();
        if (option.kind() == OptionSpec.Kind.FLAG) {
            return call.flag(flag) ? Optional.of("true") : console.variable(option.environment());
        }
        return call.value(flag).or(() -> console.variable(option.environment()));
    }

    private static void refuseForeign(Invocation call, Driver driver) {
        for (Driver other : call.services().drivers()) {
            for (OptionSpec option : other.info().options()) {
                String flag = flag(other, option);
                if (having(List.of(driver), flag).isEmpty()
                        && call.parsed().hasMatchedOption(flag)) {
                    throw Invocation.usage(
                            flag
                                    + " belongs to driver "
                                    + other.info().name()
                                    + ", not to "
                                    + driver.info().name());
                }
            }
        }
    }

    static String flag(Driver driver, OptionSpec option) {
        return option.bare()
                ? "--" + option.name()
                : "--" + driver.info().name() + "-" + option.name();
    }

    /** The names of the drivers that have a flag; one without a prefix may belong to several. */
    private static List<String> having(List<Driver> drivers, String flag) {
        return drivers.stream()
                .filter(
                        driver ->
                                driver.info().options().stream()
                                        .anyMatch(option -> flag(driver, option).equals(flag)))
                .map(driver -> driver.info().name())
                .toList();
    }
}
