package dev.machine.provisioning.ssh;

import dev.machine.common.ArgumentQuoting;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * How a script is brought to a POSIX shell past a login shell that may be any and may have
 * something to say first: the login shell sees one constant command with nothing in it that fish or
 * csh read differently, and what comes before the script's own output ends with a random word.
 *
 * @param command for the login shell
 * @param first what it reads before the script
 * @param mark the random word, on a line of its own or behind what has no end of line
 */
record ShellLoader(String command, String first, String mark) {
    /**
     * Gives a command a terminal to belong to, while its input and output stay what they were:
     * sudo's {@code requiretty} asks for no more (sudoers(5)), and a terminal in between would
     * mangle what passes.
     */
    private static final String TERMINAL =
            """
            export LC_ALL=C PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
            command -v script >/dev/null || { echo 'sudo wants a terminal, and without script(1) there is none' >&2; exit 127; }
            exec 3<&0 4>&1 5>&2
            SHELL=/bin/sh exec script -qec %s /dev/null </dev/null >/dev/null 2>&1
            """;

    static ShellLoader plain(Script script) {
        String mark = word();
        return new ShellLoader(loader(script.program().length, mark), "", mark);
    }

    static ShellLoader sudo(Script script, boolean terminal) {
        return rooted("sudo -n ", script, terminal);
    }

    /** With a sudo that asks for a password by that word on standard error. */
    static ShellLoader sudoWithPrompt(Script script, String prompt, boolean terminal) {
        return rooted("sudo -k -S -p " + ArgumentQuoting.quote(prompt) + " ", script, terminal);
    }

    private static ShellLoader rooted(String sudo, Script script, boolean terminal) {
        String mark = word();
        String command = sudo + loader(script.program().length, mark);
        if (!terminal) {
            return new ShellLoader(command, "", mark);
        }
        String first = TERMINAL.formatted(ArgumentQuoting.quote(command + " <&3 >&4 2>&5"));
        return new ShellLoader("sh -c 'eval \"$(head -c " + first.length() + ")\"'", first, mark);
    }

    /** {@code head -c} takes no byte more than it was asked for: the rest is for the script. */
    private static String loader(int length, String mark) {
        return "sh -c 'echo " + mark + "; eval \"$(head -c " + length + ")\"'";
    }

    static String word() {
        byte[] random = new byte[12];
        ThreadLocalRandom.current().nextBytes(random);
        return "machine-" + HexFormat.of().formatHex(random);
    }

    /** Reads standard output; the listener hears only what comes after the mark. */
    LineReader output(InputStream from, Consumer<String> lines) {
        boolean[] begun = new boolean[1];
        return LineReader.start(
                from,
                line -> {
                    if (begun[0]) {
                        lines.accept(line);
                    }
                    begun[0] |= line.endsWith(mark);
                });
    }

    /** The result without what was said before the script; all of it if it never came so far. */
    ScriptResult clean(ScriptResult result) {
        int begin = result.out().indexOf(mark + "\n");
        return begin < 0
                ? result
                : new ScriptResult(
                        result.status(),
                        result.out().substring(begin + mark.length() + 1),
                        result.err());
    }
}
