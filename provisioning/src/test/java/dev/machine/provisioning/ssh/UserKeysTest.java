package dev.machine.provisioning.ssh;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as people have them, made by OpenSSH's own tools, against a real server in this process. */
class UserKeysTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path folder;

    private final Set<PublicKey> authorized = ConcurrentHashMap.newKeySet();
    private final List<String> notes = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();
    private OpenSsh openSsh;
    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        openSsh = new OpenSsh(folder);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        SimpleGeneratorHostKeyProvider hostKey =
                new SimpleGeneratorHostKeyProvider(folder.resolve("host.key"));
        hostKey.setAlgorithm(KeyUtils.EC_ALGORITHM);
        hostKey.setKeySize(256);
        server.setKeyPairProvider(hostKey);
        server.setCommandFactory(
                (channel, command) ->
                        ProcessShellCommandFactory.INSTANCE.createCommand(
                                channel,
                                "sh -c " + dev.machine.common.ArgumentQuoting.quote(command)));
        server.setPublickeyAuthenticator(
                (user, offered, session) ->
                        authorized.stream().anyMatch(key -> KeyUtils.compareKeys(key, offered)));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
        openSsh.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void logsInWithAKeyThatOnlyTheAgentHas(String type) throws Exception {
        Path socket = openSsh.agent();
        for (String name : List.of("other", "mine")) {
            Path key = openSsh.key(name, type, "");
            openSsh.add(socket, key);
            Files.delete(key);
        }
        authorized.add(openSsh.publicKey("mine"));

        assertThat(logIn(user(socket), Optional.empty(), key -> Optional.empty())).isEqualTo("in");
    }

    @Test
    void goesOnAfterTheServerHungUpOnTooManyKeys() throws Exception {
        Path socket = openSsh.agent();
        for (int i = 0; i < 25; i++) {
            openSsh.add(socket, openSsh.key("other-" + i, "ed25519", ""));
        }
        openSsh.add(socket, openSsh.key("mine", "ed25519", ""));
        authorized.add(openSsh.publicKey("mine"));

        assertThat(logIn(user(socket), Optional.empty(), key -> Optional.empty())).isEqualTo("in");
    }

    @Test
    void anAgentThatIsSilentCostsABoundedTimeAndOneNote() throws Exception {
        Path key = openSsh.key("id_ed25519", "ed25519", "");
        Path socket = folder.resolve("silent");
        authorized.add(openSsh.publicKey("id_ed25519"));
        try (var silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            Files.createDirectories(folder.resolve("home/.ssh"));
            Files.move(key, folder.resolve("home/.ssh/id_ed25519"));
            UserSsh user = user(socket);

            assertThat(logIn(user, Optional.empty(), any -> Optional.empty())).isEqualTo("in");
            assertThat(logIn(user, Optional.empty(), any -> Optional.empty())).isEqualTo("in");
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .contains(socket.toString())
                .contains("no answer within 3 s");
    }

    @Test
    void anAgentThatIsGoneCostsOneNote() throws Exception {
        UserSsh user = user(folder.resolve("gone"));

        assertThat(user.offers(Optional.empty(), Optional.empty(), HostSettings.NONE, notes::add))
                .isEmpty();
        assertThat(user.offers(Optional.empty(), Optional.empty(), HostSettings.NONE, notes::add))
                .isEmpty();
        assertThat(notes).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ed25519,RFC4716", "rsa,RFC4716", "ecdsa,PEM", "rsa,PEM", "rsa,PKCS8"})
    void asksForThePassphraseOfAnEncryptedKeyOnceARun(String type, String form) throws Exception {
        Path key = openSsh.key("id", type, "horse battery", "-m", form);
        authorized.add(openSsh.publicKey("id"));
        Path copy = Files.copy(key, folder.resolve("copy"));
        UserSsh user = user(folder.resolve("no-agent"));
        Passphrases person = answering("wrong one", "horse battery");

        assertThat(logIn(user, Optional.of(key), person)).isEqualTo("in");
        assertThat(logIn(user, Optional.of(copy), person)).isEqualTo("in");

        assertThat(questions).containsExactly(key.toString(), key.toString());
    }

    @Test
    void asksNobodyForThePassphraseOfAKeyThatTheNodeDoesNotTake() throws Exception {
        Path key = openSsh.key("id", "ed25519", "horse battery");

        assertThatThrownBy(
                        () ->
                                logIn(
                                        user(folder.resolve("none")),
                                        Optional.of(key),
                                        answering("horse battery")))
                .isInstanceOf(MachineException.class);
        assertThat(questions).isEmpty();
    }

    @Test
    void anEncryptedKeyNeedsNoPassphraseWhereTheAgentHasIt() throws Exception {
        Path socket = openSsh.agent();
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.add(socket, key);
        openSsh.encrypt(key, "horse battery");
        authorized.add(openSsh.publicKey("id"));

        assertThat(logIn(user(socket), Optional.of(key), answering())).isEqualTo("in");
        assertThat(questions).isEmpty();
    }

    /** With a key, no agent, and nobody to type a passphrase. */
    private void logInUnasked(Path key) {
        logIn(user(folder.resolve("none")), Optional.of(key), any -> Optional.empty());
    }

    @Test
    void saysWhatToDoWhereNobodyCanTypeThePassphrase() throws Exception {
        Path key = openSsh.key("id", "ed25519", "horse battery");
        authorized.add(openSsh.publicKey("id"));

        assertThatThrownBy(() -> logInUnasked(key))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                            assertThat(e.sentence())
                                    .contains(key.toString())
                                    .contains("nobody to type its passphrase");
                            assertThat(e.hint()).contains("ssh-add " + key);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "CUT_OFF,unreadable: its end is missing",
        "PUBLIC,a public key; a file with the private key or an agent that has it is needed",
        "EMPTY,it contains no private key"
    })
    void saysWhatAFileIsThatIsNoPrivateKey(String kind, String reason) throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        String text = Files.readString(key);
        switch (kind) {
            case "CUT_OFF" -> Files.writeString(key, text.substring(0, text.length() / 2));
            case "PUBLIC" -> Files.move(folder.resolve("id.pub"), key, REPLACE_EXISTING);
            default -> Files.writeString(key, "");
        }

        assertThatThrownBy(() -> logInUnasked(key))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e ->
                                assertThat(e.sentence())
                                        .endsWith("tried: key " + key + " (" + reason + ")"));
    }

    @Test
    void aPublicKeyStandsForTheOneInTheAgent() throws Exception {
        Path socket = openSsh.agent();
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.add(socket, key);
        Files.delete(key);
        authorized.add(openSsh.publicKey("id"));
        Path half = folder.resolve("id.pub");

        assertThat(logIn(user(socket), Optional.of(half), any -> Optional.empty())).isEqualTo("in");

        authorized.clear();
        assertThatThrownBy(() -> logIn(user(socket), Optional.of(half), any -> Optional.empty()))
                .isInstanceOf(MachineException.class)
                .hasMessageNotContaining("is needed");
    }

    private Passphrases answering(String... answers) {
        List<String> left = new ArrayList<>(List.of(answers));
        return key -> {
            questions.add(key);
            return Optional.of(left.removeFirst().toCharArray());
        };
    }

    private UserSsh user(Path socket) {
        return new UserSsh(folder.resolve("home"), Optional.of(socket), name -> Optional.empty());
    }

    private String logIn(UserSsh user, Optional<Path> named, Passphrases passphrases) {
        SshTarget target = new SshTarget("127.0.0.1", server.getPort(), "pi", Optional.empty());
        Credentials credentials =
                new Credentials(
                        user.offers(named, Optional.empty(), HostSettings.NONE, notes::add),
                        passphrases,
                        Optional::empty,
                        "");
        try (NodeShell shell =
                new SshConnector(pause -> {}, user)
                        .connect(
                                target,
                                Optional.empty(),
                                credentials,
                                new HostKeys(folder.resolve("pins")),
                                seen -> {},
                                SOON)) {
            return shell.asUser(new Script().run("echo in"), SOON).out().strip();
        }
    }
}
