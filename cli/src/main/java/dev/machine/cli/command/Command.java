package dev.machine.cli.command;

import picocli.CommandLine.Model.CommandSpec;

/**
 * One command: what may follow its name, and what it does. The model is built by hand instead of
 * from annotations, because reflection over annotations costs a cold JVM three times as much.
 */
public interface Command {
    /** Options and arguments, with their help. */
    CommandSpec spec();

    /**
     * Does it.
     *
     * @return the exit code, one of {@link dev.machine.common.ExitCode}
     */
    int run(Invocation invocation);
}
