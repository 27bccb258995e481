package dev.machine.cli.output;

import dev.machine.common.ExitCode;
import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * The outside world of one run: where the answer goes ({@code out}), where everything else goes
 * ({@code err}), standard input, the environment and the program's name. Tests replace it as a
 * whole.
 *
 * @param program the name that the user typed, for hints that can be pasted
 * @param live whether standard error is a terminal that can move the cursor
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        String program,
        boolean live) {

    /** The console of this process; the launcher tells what Java cannot find out. */
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

    /** A variable of the environment; an empty one counts as missing. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Flushes the answer and returns the exit code: {@code code}, or 1 with a message if the answer
     * is lost (a full disk, a closed descriptor). If the reader closed the pipe, there is no
     * message, and the code is the one that shells report for a program ended by SIGPIPE.
     */
    public int delivered(int code) {
        out.flush();
        if (!out.checkError()) {
            return code;
        }
        String reason =
                out instanceof WatchedStream watched ? watched.reason() : "it cannot be written to";
        if (reason.equals(WatchedStream.BROKEN_PIPE)) {
            return code == ExitCode.OK ? ExitCode.PIPE_CLOSED : code;
        }
        err.print("cannot write to standard output: " + reason + '\n');
        err.flush();
        return code == ExitCode.OK ? ExitCode.ERROR : code;
    }

    /** Whether colours may be used (see no-color.org). */
    public boolean colours() {
        return live && variable("NO_COLOR").isEmpty();
    }
}
