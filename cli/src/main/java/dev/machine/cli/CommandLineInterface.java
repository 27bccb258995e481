package dev.machine.cli;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Failures;
import dev.machine.cli.command.Globals;
import dev.machine.cli.command.GoFlags;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Services;
import dev.machine.cli.command.VersionCommand;
import dev.machine.cli.log.LogLevel;
import dev.machine.cli.output.Console;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Similar;
import dev.machine.driver.Driver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The full command line: global options, the name of a command, then its options and arguments in
 * any order. A first parser finds the command, a second one reads its options, so that only this
 * command is built.
 */
final class CommandLineInterface {
    private static final Set<String> DEBUG = Set.of("-D", "--debug", "-debug", "--debug=true");
    private static final Set<String> HELP = Set.of("help", "-h", "--help", "-help");

    private final Console console;
    private final List<Driver> drivers;
    private final Function<Path, Services> services;

    CommandLineInterface(Console console, List<Driver> drivers, Function<Path, Services> services) {
        this.console = console;
        this.drivers = drivers;
        this.services = services;
    }

    /** Runs a command line. Prints every error itself and returns the exit code. */
    int run(List<String> arguments) {
        boolean debug = arguments.stream().anyMatch(DEBUG::contains);
        int code;
        try {
            code = dispatch(arguments);
        } catch (RuntimeException e) {
            console.out().flush();
            code = Failures.report(console, debug, e);
        }
        code = console.delivered(code);
        console.err().flush();
        return code;
    }

    private int dispatch(List<String> arguments) {
        ParseResult top = parse(top(), arguments);
        Globals globals = new Globals(false, false, Optional.empty()).with(top);
        if (top.matchedOptionValue("--version", false)) {
            return print(VersionCommand.line() + '\n');
        }
        List<String> words = top.matchedPositionalValue(0, List.of());
        if (words.isEmpty() || top.isUsageHelpRequested()) {
            return print(Help.overview());
        }
        if (words.getFirst().equals("help")) {
            return help(
                    words.subList(1, words.size()).stream()
                            .filter(word -> !HELP.contains(word))
                            .toList());
        }
        String name = name(words);
        Command command = find(name);
        List<String> rest = words.subList(name.split(" ").length, words.size());
        return run(command, globals, rest, arguments);
    }

    private int run(Command command, Globals before, List<String> rest, List<String> arguments) {
        CommandSpec spec = Globals.addTo(command.spec());
        ParseResult parsed = parse(spec, rest);
        if (parsed.isUsageHelpRequested()) {
            return print(UsageText.of(spec, command.help(spec, parsed)));
        }
        Globals globals = before.with(parsed);
        if (globals.debug()) {
            LogLevel.set(Level.DEBUG);
        } else {
            LogLevel.off();
        }
        Path base = StorePath.of(globals.storagePath(), console);
        return command.run(
                new Invocation(parsed, globals, console, services.apply(base), arguments));
    }

    private int help(List<String> topic) {
        if (topic.isEmpty()) {
            return print(Help.overview());
        }
        if (topic.equals(List.of("exit-codes"))) {
            return print(Help.exitCodes());
        }
        String name = name(topic);
        Command command = find(name);
        CommandSpec spec = Globals.addTo(command.spec());
        ParseResult typed = parse(spec, topic.subList(name.split(" ").length, topic.size()));
        return print(UsageText.of(spec, command.help(spec, typed)));
    }

    private static CommandSpec top() {
        CommandSpec spec = CommandSpec.create().name("machine");
        Globals.addTo(spec);
        spec.addOption(
                CommandLine.Model.OptionSpec.builder("-v", "--version")
                        .type(boolean.class)
                        .arity("0")
                        .build());
        spec.addPositional(
                CommandLine.Model.PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(ArrayList.class)
                        .auxiliaryTypes(String.class)
                        .build());
        spec.parser().stopAtPositional(true);
        return spec;
    }

    private static String name(List<String> words) {
        String first = words.getFirst();
        return words.size() > 1 && CommandList.isGroup(first) ? first + " " + words.get(1) : first;
    }

    private Command find(String name) {
        return CommandList.find(name, drivers)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "'"
                                                + name
                                                + "' is not a machine command"
                                                + didYouMean(
                                                        Similar.closest(
                                                                name,
                                                                CommandList.summaries().keySet())),
                                        "See 'machine --help'.",
                                        ExitCode.USAGE));
    }

    private static ParseResult parse(CommandSpec spec, List<String> arguments) {
        spec.parser()
                .collectErrors(false)
                .posixClusteredShortOptionsAllowed(true)
                .overwrittenOptionsAllowed(true);
        CommandLine line = new CommandLine(spec);
        line.setExpandAtFiles(false).setInterpolateVariables(false);
        try {
            return line.parseArgs(GoFlags.normal(spec, arguments).toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw unknown(spec, e);
        } catch (ParameterException e) {
            throw new MachineException(
                    String.valueOf(e.getMessage()),
                    "See '" + spec.name() + " --help'.",
                    ExitCode.USAGE,
                    e);
        }
    }

    private static MachineException unknown(CommandSpec spec, UnmatchedArgumentException e) {
        String typed = e.getUnmatched().getFirst();
        int equals = typed.indexOf('=');
        String option = equals < 0 ? typed : typed.substring(0, equals);
        return new MachineException(
                "unknown option "
                        + option
                        + didYouMean(Similar.closest(option, spec.optionsMap().keySet())),
                "See '" + spec.name() + " --help'.",
                ExitCode.USAGE,
                e);
    }

    private static String didYouMean(Optional<String> word) {
        return word.map(it -> "; did you mean " + it + "?").orElse("");
    }

    private int print(String text) {
        console.out().print(text);
        return ExitCode.OK;
    }
}
