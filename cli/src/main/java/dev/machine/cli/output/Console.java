package dev.machine.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.getenv(),
                System.getProperty("machine.program", "machine"),
                live);
    }

    /** A variable; one that is empty counts as absent. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether colours are wanted (see no-color.org). */
    public boolean colours() {
        return live && variable("NO_COLOR").isEmpty();
    }

    // Always UTF-8: names of files reach docker as they are, whatever the locale says.
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
