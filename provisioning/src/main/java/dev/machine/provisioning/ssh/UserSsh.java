package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the person at this computer has of SSH: the keys in {@code ~/.ssh} and those of the agent.
 * One object serves a whole run, so that nothing is asked twice.
 */
public final class UserSsh {
    private static final List<String> USUAL = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final Path home;
    private final Optional<Path> agent;
    private final Keyring keyring = new Keyring();
    private final SshConfig config;

    /**
     * @param home the directory in which {@code .ssh} is
     * @param agent the socket of the ssh-agent, as {@code SSH_AUTH_SOCK} names it
     * @param variable the value of a variable of the environment, for the user's configuration
     */
    public UserSsh(Path home, Optional<Path> agent, Function<String, Optional<String>> variable) {
        this.home = home;
        this.agent = agent;
        this.config = new SshConfig(home, variable);
    }

    /**
     * What the user's SSH configuration says of a host.
     *
     * @param user as whom to log in, if that is known
     * @param port of its SSH server, if that is known
     * @param notes told, once a run, what of it cannot be used
     */
    public HostSettings settings(
            String host, Optional<String> user, OptionalInt port, Consumer<String> notes) {
        return config.of(host, user, port, notes);
    }

    /** Who the user is on this computer. */
    public String name() {
        return System.getProperty("user.name", "root");
    }

    /** What the user's files, and those of this computer, say of the keys of a host. */
    UserKnownHosts knownHosts(HostSettings settings) {
        List<Path> files =
                new ArrayList<>(
                        settings.knownHostsFiles()
                                .orElseGet(() -> knownHosts(home.resolve(".ssh"), "known_hosts")));
        files.addAll(
                settings.globalKnownHostsFiles()
                        .orElseGet(() -> knownHosts(Path.of("/etc/ssh"), "ssh_known_hosts")));
        return UserKnownHosts.in(files, settings.hostKeyAlias());
    }

    /** The names that ssh has for them if nobody says others. */
    private static List<Path> knownHosts(Path folder, String name) {
        return List.of(folder.resolve(name), folder.resolve(name + "2"));
    }

    Keyring keyring() {
        return keyring;
    }

    /**
     * The keys to show to a host, in order: the one that was named, or those of {@code
     * ~/.ssh/config}; then, if nothing forbids it, those of the agent and the usual files. What the
     * agent has of an encrypted key goes before its file.
     *
     * @param named the key that the user or the record names
     * @param original what that is a copy of, if it is one
     * @param said what the user's configuration says of the host
     * @param notes told when the agent is of no use
     */
    public List<KeyCandidate> offers(
            Optional<Path> named,
            Optional<Path> original,
            HostSettings said,
            Consumer<String> notes) {
        List<Path> files = named.map(List::of).orElse(said.identityFiles());
        HostSettings settings =
                said.withCertificates(original.map(KeyFile::certificate).stream().toList());
        boolean only = named.isPresent() || settings.identitiesOnly();
        Set<KeyCandidate> offers = new LinkedHashSet<>();
        for (Path file : files) {
            helped(file)
                    .ifPresent(
                            key ->
                                    offers.addAll(
                                            inAgent(Optional.of(file), settings, notes).stream()
                                                    .filter(it -> it.has(key))
                                                    .toList()));
            offers.add(new KeyCandidate.File(file, settings.certificateFiles()));
        }
        if (!only) {
            offers.addAll(inAgent(Optional.empty(), settings, notes));
            usualKeys().stream()
                    .map(file -> new KeyCandidate.File(file, settings.certificateFiles()))
                    .forEach(offers::add);
        }
        return new ArrayList<>(offers);
    }

    /** The public half of a file that alone is of no use: it is encrypted, or not even there. */
    private static Optional<KeyBlob> helped(Path file) {
        if (!Files.exists(file)) {
            return KeyBlob.inFile(KeyFile.beside(file, ".pub")).flatMap(KeyBlob::plain);
        }
        try {
            KeyFile key = KeyFile.read(file);
            return key.isPrivate() && !key.encrypted()
                    ? Optional.empty()
                    : key.publicKey().flatMap(KeyBlob::plain);
        } catch (IOException e) {
            // Said when it is tried.
            return Optional.empty();
        }
    }

    /** The keys of the agent, each behind the certificates that files have of it. */
    private List<KeyCandidate.InAgent> inAgent(
            Optional<Path> file, HostSettings settings, Consumer<String> notes) {
        List<KeyBlob> certificates =
                Stream.concat(
                                file.map(it -> KeyFile.certificate(it)).stream(),
                                settings.certificateFiles().stream())
                        .flatMap(it -> KeyBlob.inFile(it).stream())
                        .filter(KeyBlob::isCertificate)
                        .toList();
        List<KeyCandidate.InAgent> all = new ArrayList<>();
        for (KeyCandidate.InAgent held : agentKeys(settings, notes)) {
            certificates.stream()
                    .filter(it -> !held.shown().isCertificate())
                    .filter(it -> KeyCandidate.File.isAbout(it, held.shown()))
                    .map(held::with)
                    .forEach(all::add);
            all.add(held);
        }
        return all;
    }

    private List<KeyCandidate.InAgent> agentKeys(HostSettings settings, Consumer<String> notes) {
        return settings.agent()
                .map(it -> it.equals("none") ? Optional.<Path>empty() : Optional.of(Path.of(it)))
                .orElse(agent)
                .map(socket -> keyring.agent(socket, notes))
                .orElse(List.of());
    }

    /** The keys OpenSSH would try by itself: those of {@code ~/.ssh} that exist. */
    private List<Path> usualKeys() {
        return USUAL.stream()
                .map(name -> home.resolve(".ssh").resolve(name))
                .filter(Files::isRegularFile)
                .toList();
    }
}
