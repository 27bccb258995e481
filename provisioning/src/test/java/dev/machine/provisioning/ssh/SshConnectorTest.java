package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SSH server in this process. */
class SshConnectorTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path folder;

    private final SshConnector connector =
            new SshConnector(
                    duration -> {},
                    new UserSsh(
                            Path.of("/nonexistent"), Optional.empty(), name -> Optional.empty()));
    private final AtomicInteger attempts = new AtomicInteger();
    private SshServer server;
    private Path key;

    @BeforeEach
    void start() throws Exception {
        SshKeyPair pair = SshKeyPair.generate("test");
        key = folder.resolve("id");
        Files.writeString(key, pair.privateKey());
        var authorized =
                AuthorizedKeyEntry.parseAuthorizedKeyEntry(pair.authorizedKey())
                        .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        server = serverWithHostKey("host");
        server.setPublickeyAuthenticator(
                (user, offered, session) -> {
                    attempts.incrementAndGet();
                    return user.equals("pi") && KeyUtils.compareKeys(offered, authorized);
                });
        server.setPasswordAuthenticator(
                (user, password, session) -> {
                    attempts.incrementAndGet();
                    return user.equals("pi") && password.equals("raspberry");
                });
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
    }

    @Test
    void runsAScriptAndReturnsItsStatusAndOutput() {
        try (NodeShell shell = connect(keys(key))) {
            ScriptResult result =
                    shell.asUser(new Script().run("cat; echo {} >&2; exit 7", "oh 'dear'"), SOON);

            assertThat(result.status()).isEqualTo(7);
            assertThat(result.err()).isEqualTo("oh 'dear'\n");
            assertThat(shell.byPassword()).isFalse();
        }
    }

    @Test
    void asksForThePasswordOnlyWhenEveryKeyWasRefused() throws Exception {
        Path other = folder.resolve("other");
        Files.writeString(other, SshKeyPair.generate("other").privateKey());
        AtomicInteger asked = new AtomicInteger();

        try (NodeShell shell =
                connect(
                        Credentials.files(
                                () -> {
                                    asked.incrementAndGet();
                                    return Optional.of("raspberry".toCharArray());
                                },
                                other))) {
            assertThat(shell.byPassword()).isTrue();
        }
        try (NodeShell shell =
                connect(
                        Credentials.files(
                                () -> {
                                    asked.incrementAndGet();
                                    return Optional.empty();
                                },
                                other,
                                key))) {
            assertThat(shell.byPassword()).isFalse();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void namesEverythingThatWasTried() throws Exception {
        Path other = folder.resolve("other");
        Files.writeString(other, SshKeyPair.generate("other").privateKey());

        assertThatThrownBy(
                        () ->
                                connect(
                                        Credentials.files(
                                                () -> Optional.of("wrong".toCharArray()), other)))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.sentence())
                                    .contains(other.toString())
                                    .contains("the password")
                                    .doesNotContain("wrong");
                            assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                        });
    }

    @Test
    void refusesAChangedHostKeyBeforeAnythingIsAuthenticated() throws Exception {
        HostKeys pins = new HostKeys(folder.resolve("known_hosts"));
        connector
                .connect(
                        target(),
                        Optional.empty(),
                        keys(key),
                        pins,
                        seen -> pins.pin("127.0.0.1", server.getPort(), seen),
                        SOON)
                .close();
        int port = server.getPort();
        server.stop(true);
        attempts.set(0);
        SshServer impostor = serverWithHostKey("impostor");
        impostor.setPort(port);
        impostor.setPublickeyAuthenticator(
                (user, offered, session) -> {
                    attempts.incrementAndGet();
                    return true;
                });
        impostor.start();
        server = impostor;

        assertThatThrownBy(
                        () ->
                                connector.connect(
                                        target(),
                                        Optional.empty(),
                                        keys(key),
                                        pins,
                                        seen -> {},
                                        SOON))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.HOST_KEY_CHANGED));
        assertThat(attempts).hasValue(0);
    }

    @Test
    void tellsTheFirstHostKeyOnce() {
        List<HostKey> seen = new ArrayList<>();
        HostKeys pins = new HostKeys(folder.resolve("known_hosts"));

        for (int i = 0; i < 2; i++) {
            connector
                    .connect(
                            target(),
                            Optional.empty(),
                            keys(key),
                            pins,
                            first -> {
                                seen.add(first);
                                pins.pin("127.0.0.1", server.getPort(), first);
                            },
                            SOON)
                    .close();
        }

        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst().fingerprint()).startsWith("SHA256:");
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        SshTarget nobody = new SshTarget("127.0.0.1", port, "pi", Optional.empty());

        assertThatThrownBy(
                        () ->
                                connector.connect(
                                        nobody,
                                        Optional.empty(),
                                        keys(key),
                                        new HostKeys(folder.resolve("none")),
                                        seen -> {},
                                        Duration.ZERO))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                            assertThat(e.sentence())
                                    .contains("127.0.0.1")
                                    .contains(Integer.toString(port));
                        });
    }

    @Test
    void givesUpACommandThatDoesNotEnd() {
        try (NodeShell shell = connect(keys(key))) {
            assertThatThrownBy(
                            () ->
                                    shell.asUser(
                                            new Script().run("echo begun; exec sleep 20"),
                                            Duration.ofSeconds(1)))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("did not end within 1 s")
                    .hasMessageContaining("begun");
        }
    }

    @Test
    void saysThatTheConnectionBroke() {
        try (NodeShell shell = connect(keys(key))) {
            Thread.ofVirtual()
                    .start(
                            () ->
                                    server.getActiveSessions()
                                            .forEach(session -> session.close(true)));

            assertThatThrownBy(() -> shell.asUser(new Script().run("exec sleep 20"), SOON))
                    .isInstanceOfSatisfying(
                            MachineException.class,
                            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
        }
    }

    @Test
    void saysThatTheConnectionBrokeBetweenTwoCommands() {
        try (NodeShell shell = connect(keys(key))) {
            server.getActiveSessions().forEach(session -> session.close(true));

            // The first may still meet a connection that is ending; the second finds it ended.
            for (int command = 0; command < 2; command++) {
                assertThatThrownBy(() -> shell.asUser(new Script().run("exec sleep 20"), SOON))
                        .isInstanceOfSatisfying(
                                MachineException.class,
                                e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
            }
        }
    }

    @Test
    void sendsTheSudoPasswordOnlyToAPrompt() throws Exception {
        // A sudo without a question: what it would be given as a password must not reach the
        // script.
        Path sudo = fakeSudo("shift 4; exec \"$@\"");
        try (NodeShell shell = connect(keys(key))) {
            shell.becomeRootBy(new RootAccess.WithPassword("secret"::toCharArray, false));

            ScriptResult result = shell.asRoot(new Script().run("cat"), SOON);

            assertThat(result).isEqualTo(new ScriptResult(0, "", ""));
        } finally {
            Files.delete(sudo);
        }
    }

    @Test
    void refusesAWrongSudoPasswordAtTheSecondPrompt() throws Exception {
        Path sudo =
                fakeSudo(
                        "while :; do printf '%s' \"$4\" >&2; read -r answer || exit 1; echo 'Sorry, try again.' >&2; done");
        try (NodeShell shell = connect(keys(key))) {
            shell.becomeRootBy(new RootAccess.WithPassword("secret"::toCharArray, false));

            assertThatThrownBy(() -> shell.asRoot(new Script().run("cat"), SOON))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("refused the password")
                    .hasMessageNotContaining("secret");
        } finally {
            Files.delete(sudo);
        }
    }

    @Test
    void runsTheScriptOnceSudoHasTakenThePassword() throws Exception {
        Path sudo =
                fakeSudo(
                        "echo 'We trust you have received the usual lecture.' >&2; printf '%s' \"$4\" >&2; read -r answer;"
                                + " [ \"$answer\" = secret ] || exit 1; shift 4; exec \"$@\"");
        try (NodeShell shell = connect(keys(key))) {
            shell.becomeRootBy(new RootAccess.WithPassword("secret"::toCharArray, false));

            ScriptResult result =
                    shell.asRoot(new Script().run("printf '%s' {}; cat", "done"), SOON);

            assertThat(result.status()).isZero();
            assertThat(result.out()).isEqualTo("done");
        } finally {
            Files.delete(sudo);
        }
    }

    /** A sudo that the server finds first on its path; sudo -k -S -p PROMPT sh -c … */
    private Path fakeSudo(String body) throws IOException {
        Path sudo = folder.resolve("sudo");
        Files.writeString(sudo, "#!/bin/sh\n" + body + "\n");
        assertThat(sudo.toFile().setExecutable(true)).isTrue();
        String path = "PATH=" + folder + ":$PATH; ";
        server.setCommandFactory(
                (channel, command) ->
                        ProcessShellCommandFactory.INSTANCE.createCommand(
                                channel, shell(path + command)));
        return sudo;
    }

    private static String shell(String command) {
        return "sh -c " + dev.machine.common.ArgumentQuoting.quote(command);
    }

    private NodeShell connect(Credentials credentials) {
        return connector.connect(
                target(),
                Optional.empty(),
                credentials,
                new HostKeys(folder.resolve("pins")),
                seen -> {},
                SOON);
    }

    private SshTarget target() {
        return new SshTarget("127.0.0.1", server.getPort(), "pi", Optional.empty());
    }

    private static Credentials keys(Path... keys) {
        return Credentials.files(Optional::empty, keys);
    }

    private SshServer serverWithHostKey(String name) {
        SshServer fresh = SshServer.setUpDefaultServer();
        fresh.setHost("127.0.0.1");
        SimpleGeneratorHostKeyProvider hostKey =
                new SimpleGeneratorHostKeyProvider(folder.resolve(name + ".key"));
        hostKey.setAlgorithm(KeyUtils.EC_ALGORITHM);
        hostKey.setKeySize(256);
        fresh.setKeyPairProvider(hostKey);
        fresh.setCommandFactory(
                (channel, command) ->
                        ProcessShellCommandFactory.INSTANCE.createCommand(channel, shell(command)));
        return fresh;
    }
}
