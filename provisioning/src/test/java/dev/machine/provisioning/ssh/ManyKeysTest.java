package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An agent with more keys than a server has patience for, and a server with several host keys, as
 * every sshd has.
 */
class ManyKeysTest {
    @TempDir private Path folder;

    private final List<String> pinned = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private Optional<PublicKey> authorized = Optional.empty();
    private OpenSsh openSsh;
    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        openSsh = new OpenSsh(folder);
        KeyPair one = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair other = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(one, other));
        server.setPublickeyAuthenticator(
                (user, offered, session) ->
                        authorized.filter(key -> KeyUtils.compareKeys(key, offered)).isPresent());
        server.setPasswordAuthenticator((user, word, session) -> word.equals("raspberry"));
        server.addSessionListener(
                new org.apache.sshd.common.session.SessionListener() {
                    @Override
                    public void sessionCreated(org.apache.sshd.common.session.Session session) {
                        connections.incrementAndGet();
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
        openSsh.close();
    }

    @ParameterizedTest
    @CsvSource({"5,6", "6,6", "7,6", "13,6", "6,1", "13,2", "7,3"})
    void triesEveryKeyOverOneHostKey(int wrong, int patience) throws Exception {
        Path socket = agentWith(wrong);
        openSsh.add(socket, openSsh.key("mine", "ed25519", ""));
        authorized = Optional.of(openSsh.publicKey("mine"));
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, patience);

        connect(socket, "").close();

        assertThat(pinned).hasSize(1);
        assertThat(connections).hasValueLessThanOrEqualTo(wrong + 1);
    }

    @Test
    void aPasswordStillCountsAfterMoreKeysThanTheServerLooksAt() throws Exception {
        Path socket = agentWith(9);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, 3);

        connect(socket, "raspberry").close();

        assertThat(pinned).hasSize(1);
    }

    @Test
    void namesEveryKeyThatWasRefused() throws Exception {
        Path socket = agentWith(9);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, 3);

        assertThatThrownBy(() -> connect(socket, ""))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                            assertThat(e.sentence()).contains("wrong-0;").contains("wrong-8");
                            assertThat(e.sentence()).doesNotContain("hung up");
                        });
    }

    private Path agentWith(int wrong) throws Exception {
        Path socket = openSsh.agent();
        for (int i = 0; i < wrong; i++) {
            openSsh.add(socket, openSsh.key("wrong-" + i, "ed25519", ""));
        }
        return socket;
    }

    private SshConnection connect(Path socket, String password) {
        UserSsh user =
                new UserSsh(folder.resolve("home"), Optional.of(socket), name -> Optional.empty());
        SshTarget target = new SshTarget("127.0.0.1", server.getPort(), "pi", Optional.empty());
        Credentials credentials =
                new Credentials(
                        user.offers(
                                Optional.empty(), Optional.empty(), HostSettings.NONE, note -> {}),
                        key -> Optional.empty(),
                        () -> Optional.of(password.toCharArray()).filter(it -> it.length > 0),
                        "");
        return new SshConnector(pause -> {}, user)
                .connect(
                        target,
                        Optional.empty(),
                        credentials,
                        new HostKeys(folder.resolve("pins")),
                        key -> pinned.add(key.toString()),
                        Duration.ofSeconds(10));
    }
}
