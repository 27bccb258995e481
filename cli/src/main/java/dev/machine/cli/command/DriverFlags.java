package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Driver;
import dev.machine.driver.OptionSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The drivers' own options, rendered as {@code --<driver>-<option>}. */
final class DriverFlags {
    private DriverFlags() {}

    static CommandSpec addTo(CommandSpec spec, List<Driver> drivers) {
        for (Driver driver : drivers) {
            for (OptionSpec option : driver.info().options()) {
                String name = flag(driver, option);
                if (spec.findOption(name) != null) {
                    continue;
                }
                String help = help(having(drivers, name), option);
                spec.addOption(
                        option.kind() == OptionSpec.Kind.VALUE
                                ? Options.value("VALUE", help, name)
                                : Options.flag(help, name));
            }
        }
        return spec;
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
     * The values of a driver's options: flag, else variable, else {@code config.yaml}, else
     * default; secrets are not among them. An option of another driver is refused.
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

    /** Whether the driver's SSH password is on standard input. */
    static boolean passwordOnStdin(Invocation call, Driver driver) {
        return driver.info().options().stream()
                .filter(option -> option.kind() == OptionSpec.Kind.STDIN)
                .anyMatch(option -> call.flag(flag(driver, option)));
    }

    /** The variable that may hold the driver's SSH password. */
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

    private static String help(List<String> drivers, OptionSpec option) {
        StringBuilder help =
                new StringBuilder(drivers.size() == 1 ? "driver " : "drivers ")
                        .append(String.join(", ", drivers))
                        .append(": ");
        help.append(option.help());
        if (!option.environment().isEmpty()) {
            help.append(" (").append(option.environment());
            option.defaultValue().ifPresent(value -> help.append(", ").append(value));
            help.append(')');
        }
        return help.toString();
    }
}
