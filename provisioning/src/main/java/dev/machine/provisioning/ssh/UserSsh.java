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
 * The user's SSH on this computer: the keys in {@code ~/.ssh} and those of the agent. One object
 * serves a whole run, so that nothing is asked twice.
 */
public final class UserSsh {
    private static final List<String> DEFAULT_KEY_FILES =
            List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final Path home;
    private final Optional<Path> agent;
    private final Keyring keyring = new Keyring();
    private final SshConfig config;

    /**
     * @param home the folder that contains {@code .ssh}
     * @param agent the socket of the ssh-agent, from {@code SSH_AUTH_SOCK}
     * @param variable the value of an environment variable, for the user's configuration
     */
    public UserSsh(Path home, Optional<Path> agent, Function<String, Optional<String>> variable) {
        this.home = home;
        this.agent = agent;
        this.config = new SshConfig(home, variable);
    }

    /**
     * The user's settings for a host.
     *
     * @param user the login user, if known
     * @param port the port of its SSH server, if known
     * @param notes is told once a run which settings cannot be used
     */
    public HostSettings settings(
            String host, Optional<String> user, OptionalInt port, Consumer<String> notes) {
        return config.of(host, user, port, notes);
    }

    /** The user's name on this computer. */
    public String name() {
        return System.getProperty("user.name", "root");
    }

    /** The host keys in the user's files and this computer's. */
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

    /** ssh's default files. */
    private static List<Path> knownHosts(Path folder, String name) {
        return List.of(folder.resolve(name), folder.resolve(name + "2"));
    }

    Keyring keyring() {
        return keyring;
    }

    /**
     * The keys to offer to a host, in order: the named one, or those of {@code ~/.ssh/config};
     * then, unless that is forbidden, those of the agent and the default files. An encrypted key
     * that the agent has is offered by the agent first.
     *
     * @param named the key that the user or the record names
     * @param original the file that it is a copy of, if it is a copy
     * @param said the user's settings for the host
     * @param notes is told if the agent cannot be used
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

    /** The public half of a file that cannot be used alone, because it is encrypted or missing. */
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
            // The error is reported when the key is tried.
            return Optional.empty();
        }
    }

    /** The keys of the agent, each after its certificates from files. */
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

    /** The keys that OpenSSH tries by default: those in {@code ~/.ssh} that exist. */
    private List<Path> usualKeys() {
        return DEFAULT_KEY_FILES.stream()
                .map(name -> home.resolve(".ssh").resolve(name))
                .filter(Files::isRegularFile)
                .toList();
    }
}
