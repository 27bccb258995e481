package dev.machine.cli.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One command: what may follow its name, and what it does. The model is built by hand instead of
 * from annotations, because reflection over annotations costs a cold JVM three times as much.
 */
public interface Verb {
    /** Options and arguments, with their help. */
    CommandSpec spec();

    /** What was typed behind its name, in the form that the parser takes. */
    default List<String> understood(List<String> typed) {
        return typed;
    }

    /**
     * Does it.
     *
     * @return the exit code, one of {@link dev.machine.common.ExitCode}
     */
    int run(Invocation invocation);
}
