package dev.machine.provisioning.ssh;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The user's and the system's SSH configuration as {@code ssh -G} prints it (ssh(1)); empty if
 * OpenSSH is not installed. Each host is asked for once a run. Commands in the configuration
 * ({@code Match exec}) are not run: such a block never matches, and the user is told.
 */
final class SshConfig {
    /** Marks values that were not set, because only settings by the user count. */
    private static final String UNSET = "machine-unset";

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Runs nothing and fails; ssh(1) gives it the command of a {@code Match exec}. */
    private static final String NO_SHELL = "/bin/false";

    /** The words of {@code ssh -v} before such a command. */
    private static final String EXECUTE_PREFIX = "debug1: Executing command: '";

    /** Other lines of {@code ssh -v} beside its answer and its errors. */
    private static final List<String> IGNORED_PREFIXES =
            List.of("debug1: ", "OpenSSH_", "Pseudo-terminal will not be allocated");

    private final Path home;
    private final Function<String, Optional<String>> variable;
    private final Duration deadline;
    private final AtomicBoolean useless = new AtomicBoolean();
    private final Map<Question, HostSettings> known = new ConcurrentHashMap<>();
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    /** The input of one query: blocks may depend on the user and the port. */
    private record Question(String host, Optional<String> user, OptionalInt port) {}

    SshConfig(Path home, Function<String, Optional<String>> variable) {
        this(home, variable, DEADLINE);
    }

    SshConfig(Path home, Function<String, Optional<String>> variable, Duration deadline) {
        this.home = home;
        this.variable = variable;
        this.deadline = deadline;
    }

    /**
     * The settings for a host.
     *
     * @param user the login user, if known
     * @param port the port of its SSH server, if known
     * @param notes is told once which part of the configuration cannot be used; that part is then
     *     ignored
     */
    HostSettings of(String host, Optional<String> user, OptionalInt port, Consumer<String> notes) {
        return known.computeIfAbsent(
                new Question(host, user, port),
                question ->
                        ask(
                                question,
                                note -> {
                                    if (noted.add(note)) {
                                        notes.accept(note);
                                    }
                                }));
    }

    private HostSettings ask(Question question, Consumer<String> notes) {
        if (useless.get()) {
            return HostSettings.NONE;
        }
        try {
            if (home.toString().contains("\"")) {
                throw new IOException("the path of the home folder has a quotation mark");
            }
            List<String> said = run(question);
            notRun(said).forEach(notes);
            return new SshConfigAnswer(home, variable, question.host, UNSET, notes)
                    .read(said.stream().filter(line -> !isAside(line)).toList());
        } catch (IOException e) {
            useless.set(true);
            notes.accept("~/.ssh/config is not used: " + e.getMessage());
            return HostSettings.NONE;
        }
    }

    private static List<String> notRun(List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith(EXECUTE_PREFIX))
                .map(line -> line.substring(EXECUTE_PREFIX.length(), line.length() - 1))
                .distinct()
                .map(
                        command ->
                                "Match exec \"%s\" of ~/.ssh/config is not run, so its block is not used"
                                        .formatted(command))
                .toList();
    }

    private static boolean isAside(String line) {
        return IGNORED_PREFIXES.stream().anyMatch(line::startsWith);
    }

    private String wrapper() {
        return """
        Include "%1$s/.ssh/config"
        Include /etc/ssh/ssh_config
        Host *
          User %2$s
          IdentityFile /%2$s
          UserKnownHostsFile /%2$s
          GlobalKnownHostsFile /%2$s
        """
                .formatted(home, UNSET);
    }

    // No file is used, so that a killed run leaves nothing behind.
    private List<String> run(Question question) throws IOException {
        List<String> words = new ArrayList<>(List.of("ssh", "-v", "-G", "-F", "/dev/stdin"));
        // ssh prints it with its token replaced, and never runs it. The input of that hash depends
        // on the version of ssh.
        words.addAll(List.of("-o", "RemoteCommand=%C"));
        question.user.ifPresent(user -> words.addAll(List.of("-l", user)));
        question.port.ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.addAll(List.of("--", question.host));
        ProcessBuilder ssh = new ProcessBuilder(words).redirectErrorStream(true);
        ssh.environment().put("SHELL", NO_SHELL);
        ssh.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = ssh.start();
        } catch (IOException e) {
            // OpenSSH is not installed, so there is no configuration for it.
            return List.of();
        }
        try {
            List<String> lines = new ArrayList<>();
            Thread reader = Thread.ofVirtual().start(() -> read(process, lines));
            try (OutputStream configuration = process.getOutputStream()) {
                configuration.write(wrapper().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // ssh ended without reading, for example because it refuses the user's name; its
                // output says why.
            }
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("ssh -G did not end within " + deadline.toSeconds() + " s");
            }
            reader.join(deadline);
            if (process.exitValue() != 0) {
                // The first line names the place; the last line only counts.
                throw new IOException(
                        lines.stream()
                                .filter(line -> !isAside(line))
                                .findFirst()
                                .orElse("ssh -G failed"));
            }
            return lines;
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void read(Process process, List<String> lines) {
        try {
            process.inputReader().lines().forEach(lines::add);
        } catch (UncheckedIOException e) {
            // The wait ended; the caller reports it.
        }
    }
}
