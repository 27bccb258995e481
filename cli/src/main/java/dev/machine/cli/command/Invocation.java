package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * One call of a command: what the user typed, and the services that the command uses.
 *
 * @param arguments the whole command line without the program's name
 */
public record Invocation(
        ParseResult parsed,
        Globals globals,
        Console console,
        Services services,
        List<String> arguments) {

    public boolean flag(String name) {
        return parsed.matchedOptionValue(name, false);
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(parsed.matchedOptionValue(name, null));
    }

    public List<String> values(String name) {
        return parsed.matchedOptionValue(name, List.of());
    }

    /** The arguments that are not options. */
    public List<String> words() {
        return parsed.matchedPositionalValue(0, List.of());
    }

    /** The value of an option in seconds, at least one. */
    public Duration seconds(String name, int otherwise) {
        String text = value(name).orElse(Integer.toString(otherwise));
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // The error is thrown below, as for a number that is too small.
        }
        throw usage(name + " takes a number of seconds from 1, not \"" + text + "\"");
    }

    /** Prints one line on standard output. */
    public void answer(String line) {
        console.out().print(line + '\n');
    }

    /**
     * Prints the answer in the form that {@link Options#format} or {@link Options#output} asks for.
     *
     * @param name the field that {@code -o name} prints
     */
    public void answer(Report report, String name) {
        console.out().print(report.render(value("--format"), value("--output"), name));
    }

    /** Prints one line on standard error, unless {@code --quiet} was typed. */
    public void tell(String line) {
        if (!globals.quiet()) {
            console.err().print(Printable.lines(line) + '\n');
            console.err().flush();
        }
    }

    /** An error of the command line, exit code 2. */
    public static MachineException usage(String sentence) {
        return new MachineException(sentence, null, ExitCode.USAGE);
    }
}
