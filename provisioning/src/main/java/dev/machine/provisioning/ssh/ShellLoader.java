package dev.machine.provisioning.ssh;

import dev.machine.common.ArgumentQuoting;
import dev.machine.common.ResourceText;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Brings a script to a POSIX shell through any login shell, which may print something first. The
 * login shell gets one constant command that sh, fish and csh read alike; output before the
 * script's own ends with a random word.
 *
 * @param command for the login shell
 * @param first its input before the script
 * @param mark the random word, on its own line or at the end of an unfinished one
 */
record ShellLoader(String command, String first, String mark) {
    private static final String TERMINAL = ResourceText.read(ShellLoader.class, "terminal.sh");

    static ShellLoader plain(Script script) {
        String mark = word();
        return new ShellLoader(loader(script.program().length, mark), "", mark);
    }

    static ShellLoader sudo(Script script, boolean terminal) {
        return rooted("sudo -n ", script, terminal);
    }

    /** With a sudo that prompts with this word on standard error. */
    static ShellLoader sudoWithPrompt(Script script, String prompt, boolean terminal) {
        return rooted("sudo -k -S -p " + ArgumentQuoting.quote(prompt) + " ", script, terminal);
    }

    private static ShellLoader rooted(String sudo, Script script, boolean terminal) {
        String mark = word();
        String command = sudo + loader(script.program().length, mark);
        if (!terminal) {
            return new ShellLoader(command, "", mark);
        }
        String first =
                "command=" + ArgumentQuoting.quote(command + " <&3 >&4 2>&5") + "\n" + TERMINAL;
        return new ShellLoader("sh -c 'eval \"$(head -c " + first.length() + ")\"'", first, mark);
    }

    /** {@code head -c} reads exactly this many bytes; the rest is for the script. */
    private static String loader(int length, String mark) {
        return "sh -c 'echo " + mark + "; eval \"$(head -c " + length + ")\"'";
    }

    static String word() {
        byte[] random = new byte[12];
        ThreadLocalRandom.current().nextBytes(random);
        return "machine-" + HexFormat.of().formatHex(random);
    }

    /** Reads standard output; the listener hears only what follows the mark. */
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

    /** The result without the output before the mark; all of it if there was no mark. */
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
