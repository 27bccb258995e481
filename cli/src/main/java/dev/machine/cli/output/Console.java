package dev.machine.cli.output;

import dev.machine.common.ExitCode;
import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * The outside world of one run: where the answer goes ({@code out}), where everything else goes
 * ({@code err}), standard input, the environment, and how the program was called. Tests replace it
 * whole.
 *
 * @param program the name that the user typed, for hints that can be pasted
 * @param live standard error is a terminal that understands cursor movements
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        String program,
        boolean live) {

    /** The process's own; the launcher says what Java cannot find out. */
    public static Console ofProcess() {
        boolean live =
                Boolean.getBoolean("machine.stderr.terminal")
                        && !"dumb".equals(System.getenv("TERM"));
        return new Console(
                System.in,
                WatchedStream.to(FileDescriptor.out),
                WatchedStream.to(FileDescriptor.err),
                System.getenv(),
                System.getProperty("machine.program", "machine"),
                live);
    }

    /** A variable; one that is empty counts as absent. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Writes out what is left of the answer, and says what the run ends with: {@code code}, or 1
     * with a sentence if the answer is lost (a full disk, a closed descriptor). Whoever closes a
     * pipe has read enough and is told nothing; the code is then what the shell reports of a
     * program that SIGPIPE ended.
     */
    public int delivered(int code) {
        out.flush();
        if (!out.checkError()) {
            return code;
        }
        String reason =
                out instanceof WatchedStream watched ? watched.reason() : "it cannot be written to";
        if (reason.equals(WatchedStream.NOBODY_READS)) {
            return code == ExitCode.OK ? ExitCode.PIPE_CLOSED : code;
        }
        err.print("cannot write to standard output: " + reason + '\n');
        err.flush();
        return code == ExitCode.OK ? ExitCode.ERROR : code;
    }

    /** Whether colours are wanted (see no-color.org). */
    public boolean colours() {
        return live && variable("NO_COLOR").isEmpty();
    }
}
