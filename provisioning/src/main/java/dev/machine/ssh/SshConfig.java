package dev.machine.ssh;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The user's and the system's SSH configuration, as {@code ssh -G} resolves it (ssh(1)); where
 * OpenSSH is not installed there is none. Asked once a run for a host. Commands in it ({@code Match
 * exec}) are not run: such a block never matches.
 */
final class SshConfig {
    /** Only what was said counts, so what nobody said is made to look like this. */
    private static final String UNSET = "machine-unset";

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final List<String> FALSE = List.of("/bin/false", "/usr/bin/false");

    private final Path home;
    private final Duration deadline;
    private final AtomicBoolean useless = new AtomicBoolean();
    private final Map<String, HostSettings> known = new ConcurrentHashMap<>();

    SshConfig(Path home) {
        this(home, DEADLINE);
    }

    SshConfig(Path home, Duration deadline) {
        this.home = home;
        this.deadline = deadline;
    }

    /**
     * What is said of a host.
     *
     * @param notes told, once, when the configuration cannot be used; then it says nothing
     */
    HostSettings of(String host, Consumer<String> notes) {
        return known.computeIfAbsent(host, any -> ask(host, notes));
    }

    private HostSettings ask(String host, Consumer<String> notes) {
        Optional<Path> noShell = FALSE.stream().map(Path::of).filter(Files::isExecutable).findAny();
        if (useless.get() || noShell.isEmpty() || home.toString().contains("\"")) {
            return HostSettings.NONE;
        }
        try {
            Path wrapper = Files.createTempFile("machine-ssh", ".config");
            try {
                Files.writeString(wrapper, wrapper());
                return new SshConfigAnswer(home, host, UNSET)
                        .read(run(wrapper, host, noShell.get()));
            } finally {
                Files.delete(wrapper);
            }
        } catch (IOException e) {
            if (!useless.getAndSet(true)) {
                notes.accept("~/.ssh/config is not used: " + e.getMessage());
            }
            return HostSettings.NONE;
        }
    }

    private String wrapper() {
        return """
        Include "%s/.ssh/config"
        Include /etc/ssh/ssh_config
        Host *
          User %s
          IdentityFile /%s
        """
                .formatted(home, UNSET, UNSET);
    }

    private List<String> run(Path wrapper, String host, Path noShell) throws IOException {
        ProcessBuilder ssh =
                new ProcessBuilder("ssh", "-G", "-F", wrapper.toString(), "--", host)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile());
        // The shell that would run the command of a `Match exec`.
        ssh.environment().put("SHELL", noShell.toString());
        ssh.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = ssh.start();
        } catch (IOException e) {
            // No OpenSSH here: then nobody can mean its configuration.
            return List.of();
        }
        try {
            List<String> lines = new ArrayList<>();
            Thread reader =
                    Thread.ofVirtual()
                            .start(() -> process.inputReader().lines().forEach(lines::add));
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("ssh -G did not end within " + deadline.toSeconds() + " s");
            }
            reader.join(deadline);
            if (process.exitValue() != 0) {
                throw new IOException(lines.isEmpty() ? "ssh -G failed" : lines.getLast());
            }
            return lines;
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
