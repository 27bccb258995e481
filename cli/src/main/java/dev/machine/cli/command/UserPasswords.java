package dev.machine.cli.command;

import dev.machine.cli.output.Console;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.MachineException;
import dev.machine.provisioning.lifecycle.Lifecycle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Passwords from standard input (if an option says so: first the SSH line, then the sudo line),
 * else from a variable, else from a prompt on the terminal. Each password is asked for once and
 * used for all nodes of the command. No password is stored.
 */
final class UserPasswords implements Lifecycle.Passwords {
    private static final int MAX_LENGTH = 1024;

    private final ProgressPrinter progress;
    private final Source ssh;
    private final Source sudo;

    private UserPasswords(ProgressPrinter progress, Source ssh, Source sudo) {
        this.progress = progress;
        this.ssh = ssh;
        this.sudo = sudo;
    }

    /**
     * Reads the passwords that standard input has.
     *
     * @param sshVariable the variable of the SSH password; each driver has its own
     */
    static UserPasswords read(
            Console console,
            ProgressPrinter progress,
            boolean sshFromStdin,
            boolean sudoFromStdin,
            String sshVariable) {
        Source ssh = new Source(console, progress, sshVariable, "SSH password");
        Source sudo = new Source(console, progress, "MACHINE_SUDO_PASSWD", "sudo password");
        if (sshFromStdin) {
            ssh.known = line(console.in(), "SSH password");
        }
        if (sudoFromStdin) {
            sudo.known = line(console.in(), "sudo password");
        }
        return new UserPasswords(progress, ssh, sudo);
    }

    @Override
    public Optional<char[]> ssh(String userAtHost) {
        return ssh.password(userAtHost);
    }

    @Override
    public Optional<char[]> sudo(String userAtHost) {
        return sudo.password(userAtHost);
    }

    @Override
    public Optional<char[]> passphrase(String key) {
        return prompt(progress, "passphrase of the key " + key);
    }

    private static Optional<char[]> prompt(ProgressPrinter progress, String what) {
        // Without a terminal it is null or not a terminal, depending on the Java version.
        var terminal =
                Optional.ofNullable(System.console()).filter(console -> console.isTerminal());
        if (terminal.isEmpty()) {
            return Optional.empty();
        }
        char @Nullable [] typed =
                progress.standingStill(() -> terminal.get().readPassword("%s: ", what));
        return Optional.ofNullable(typed).filter(it -> it.length > 0);
    }

    // Byte by byte, because a buffering reader would also take the second line.
    private static char[] line(InputStream in, String what) {
        char[] text = new char[MAX_LENGTH];
        int length = 0;
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                if (length == MAX_LENGTH) {
                    throw Invocation.usage("the " + what + " on standard input is too long");
                }
                text[length++] = (char) b;
            }
        } catch (IOException e) {
            throw new MachineException("cannot read the " + what + ": " + e.getMessage(), e);
        }
        if (length > 0 && text[length - 1] == '\r') {
            length--;
        }
        if (length == 0) {
            throw Invocation.usage("there is no " + what + " on standard input");
        }
        char[] password = decoded(text, length);
        Arrays.fill(text, '\0');
        return password;
    }

    private static char[] decoded(char[] bytes, int length) {
        ByteBuffer raw = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            raw.put((byte) bytes[i]);
        }
        CharBuffer text = StandardCharsets.UTF_8.decode(raw.flip());
        char[] password = new char[text.remaining()];
        text.get(password);
        Arrays.fill(raw.array(), (byte) 0);
        return password;
    }

    /** One password, looked for at most once. */
    private static final class Source {
        private final Console console;
        private final ProgressPrinter progress;
        private final String variable;
        private final String what;
        private final ReentrantLock lock = new ReentrantLock();
        private char @Nullable [] known;
        private boolean asked;

        Source(Console console, ProgressPrinter progress, String variable, String what) {
            this.console = console;
            this.progress = progress;
            this.variable = variable;
            this.what = what;
        }

        Optional<char[]> password(String userAtHost) {
            lock.lock();
            try {
                if (known == null) {
                    known = console.variable(variable).map(String::toCharArray).orElse(null);
                }
                if (known == null && !asked) {
                    asked = true;
                    known = prompt(progress, what + " of " + userAtHost).orElse(null);
                }
                return Optional.ofNullable(known).map(char[]::clone);
            } finally {
                lock.unlock();
            }
        }
    }
}
