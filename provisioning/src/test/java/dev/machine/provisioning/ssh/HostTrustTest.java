package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which host is believed, against a server with two host keys. */
class HostTrustTest {
    @TempDir private Path home;

    private final AtomicInteger logins = new AtomicInteger();
    private final List<HostKey> seen = new ArrayList<>();
    private SshServer server;
    private HostKey ecdsa;
    private HostKey rsa;

    @BeforeEach
    void start() throws Exception {
        KeyPair one = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair other = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        ecdsa = HostKey.of(one.getPublic());
        rsa = HostKey.of(other.getPublic());
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(one, other));
        server.setPasswordAuthenticator((user, password, session) -> logins.incrementAndGet() > 0);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
    }

    @Test
    void believesTheKeyThatWasNamedWhicheverOfTheHostsItIs() {
        for (HostKey named : List.of(ecdsa, rsa)) {
            seen.clear();
            connect(Optional.of(named.fingerprint()));
            assertThat(seen).containsExactly(named);
        }
    }

    @Test
    void sendsNothingToAHostThatHasNotTheNamedKey() {
        String other = "SHA256:" + "A".repeat(43);

        assertThatThrownBy(() -> connect(Optional.of(other)))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.HOST_KEY_CHANGED);
                            assertThat(e.sentence()).contains(other);
                        });
        assertThat(logins).hasValue(0);
        assertThat(seen).isEmpty();
    }

    @Test
    void theStrictBelieveNoUnknownKey() {
        assertThatThrownBy(() -> connect(Optional.of("strict")))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                            assertThat(e.sentence()).contains("is not known");
                            assertThat(e.hint()).contains("--ssh-host-key SHA256:");
                        });
        assertThat(logins).hasValue(0);
    }

    @Test
    void theStrictBelieveWhatTheUserVouchedForHimself() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        Files.writeString(
                home.resolve(".ssh/known_hosts"),
                "[127.0.0.1]:%d %s %s\n".formatted(server.getPort(), rsa.type(), rsa.base64()));

        connect(Optional.of("strict"));

        assertThat(seen).containsExactly(rsa);
    }

    @Test
    void theFilesThatTheConfigurationNamesVouchToo() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        Path mine = home.resolve("my hosts");
        Files.writeString(home.resolve("empty"), "");
        Files.writeString(
                home.resolve(".ssh/config"),
                "Host 127.*\n  UserKnownHostsFile %s \"%s\"\n"
                        .formatted(home.resolve("empty"), mine));
        known(mine, "[127.0.0.1]:" + server.getPort());

        connect(Optional.of("strict"));

        assertThat(seen).containsExactly(rsa);
    }

    @Test
    void theFilesOfTheComputerVouchToo() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        Files.writeString(
                home.resolve(".ssh/config"), "GlobalKnownHostsFile " + home.resolve("all"));
        known(home.resolve("all"), "[127.0.0.1]:" + server.getPort());

        connect(Optional.of("strict"));

        assertThat(seen).containsExactly(rsa);
    }

    @Test
    void aHostMayHaveAnotherNameThere() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/config"), "Host 127.*\n  HostKeyAlias rack\n");
        known(home.resolve(".ssh/known_hosts2"), "rack");

        connect(Optional.of("strict"));

        assertThat(seen).containsExactly(rsa);
    }

    @Test
    void nothingElseVouchesForAHostWithItsOwnFilesOrName() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        known(home.resolve(".ssh/known_hosts"), "[127.0.0.1]:" + server.getPort());
        for (String said : List.of("HostKeyAlias rack", "UserKnownHostsFile none")) {
            Files.writeString(home.resolve(".ssh/config"), said);
            assertThatThrownBy(() -> connect(Optional.of("strict")))
                    .hasMessageContaining("is not known");
        }
    }

    @Test
    void aRevokedKeyNamesTheFileThatRevokesIt() throws Exception {
        Files.createDirectory(home.resolve(".ssh"));
        Path revoking = home.resolve("revoking");
        Files.writeString(home.resolve(".ssh/config"), "UserKnownHostsFile " + revoking);
        Files.writeString(
                revoking,
                "@revoked * %s %s\r\n@revoked * %s %s\r\n"
                        .formatted(rsa.type(), rsa.base64(), ecdsa.type(), ecdsa.base64()));

        assertThatThrownBy(() -> connect(Optional.empty()))
                .hasMessageContaining("which " + revoking + " has as @revoked");
        assertThat(logins).hasValue(0);
    }

    private void known(Path file, String host) throws IOException {
        Files.writeString(file, "%s %s %s\n".formatted(host, rsa.type(), rsa.base64()));
    }

    private void connect(Optional<String> trust) {
        SshTarget target =
                new SshTarget(
                        "127.0.0.1",
                        server.getPort(),
                        "pi",
                        Optional.empty(),
                        Optional.empty(),
                        "127.0.0.1",
                        trust,
                        Optional.empty());
        UserSsh user = new UserSsh(home, Optional.empty(), name -> Optional.empty());
        new SshConnector(pause -> {}, user)
                .connect(
                        target,
                        Optional.empty(),
                        Credentials.files(() -> Optional.of("secret".toCharArray())),
                        new HostKeys(home.resolve("pins")),
                        seen::add,
                        Duration.ofSeconds(5))
                .close();
    }
}
