package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/** OpenSSH's own tools. */
final class OpenSsh implements AutoCloseable {
    private final Path folder;
    private final List<Process> agents = new ArrayList<>();

    OpenSsh(Path folder) {
        this.folder = folder;
    }

    Path key(String name, String type, String passphrase, String... more) throws Exception {
        Path key = folder.resolve(name);
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type, "-C", name));
        command.addAll(List.of("-N", passphrase, "-f", key.toString()));
        if (type.equals("rsa")) {
            command.addAll(List.of("-b", "2048"));
        }
        command.addAll(List.of(more));
        run(new ProcessBuilder(command));
        return key;
    }

    void encrypt(Path key, String passphrase) throws Exception {
        run(
                new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-p",
                        "-P",
                        "",
                        "-N",
                        passphrase,
                        "-f",
                        key.toString()));
    }

    /** Signs a key: {@code NAME-cert.pub} comes beside it. */
    void certify(String authority, String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-I", name, "-s"));
        command.add(folder.resolve(authority).toString());
        command.addAll(List.of(more));
        command.add(folder.resolve(name + ".pub").toString());
        run(new ProcessBuilder(command));
    }

    /** Hashes the names in a known_hosts. */
    void hash(Path knownHosts) throws Exception {
        run(new ProcessBuilder("ssh-keygen", "-H", "-f", knownHosts.toString()));
    }

    /** What ssh-keygen finds in a private key. */
    String publicHalf(Path key) throws Exception {
        return run(new ProcessBuilder("ssh-keygen", "-y", "-P", "", "-f", key.toString()));
    }

    PublicKey publicKey(String name) throws Exception {
        return AuthorizedKeyEntry.parseAuthorizedKeyEntry(
                        Files.readString(folder.resolve(name + ".pub")))
                .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
    }

    /** Starts an agent and returns its socket. */
    Path agent() throws IOException {
        Path socket = folder.resolve("agent-" + agents.size());
        Process agent =
                new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                        .redirectErrorStream(true)
                        .start();
        agents.add(agent);
        // It says where it listens when it does.
        agent.inputReader().readLine();
        return socket;
    }

    void add(Path socket, Path key) throws Exception {
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", key.toString());
        add.environment().put("SSH_AUTH_SOCK", socket.toString());
        run(add);
    }

    private static String run(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(command.command() + ": " + said);
        }
        return said;
    }

    @Override
    public void close() {
        agents.forEach(Process::destroy);
    }
}
