package dev.machine.cli.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command: its options and arguments, and what it does. The model for the parser is built by
 * hand, because reading annotations by reflection takes a cold JVM three times as long.
 */
public interface Command {
    /** Options and arguments, with their help. */
    CommandSpec spec();

    /**
     * What help shows of the options. A command with many options puts them under headings and may
     * leave some out.
     *
     * @param spec the options of {@link #spec} and those of every command
     * @param typed the options that were typed beside {@code --help}
     */
    default List<HelpSection> help(CommandSpec spec, ParseResult typed) {
        return List.of(HelpSection.ofOptions("Options", spec.options()));
    }

    /**
     * Runs the command.
     *
     * @return the exit code, one of {@link dev.machine.common.ExitCode}
     */
    int run(Invocation invocation);
}
