package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes certificates of one authority only, made by ssh-keygen. */
class UserCertificateTest {
    @TempDir private Path folder;

    private final List<String> questions = new ArrayList<>();
    private OpenSsh openSsh;
    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        openSsh = new OpenSsh(folder);
        openSsh.key("ca", "ecdsa", "");
        Files.createDirectories(folder.resolve("home/.ssh"));
        KeyPair host = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        var ca = openSsh.publicKey("ca");
        server.setPublickeyAuthenticator(
                (user, offered, session) ->
                        offered instanceof OpenSshCertificate certificate
                                && KeyUtils.compareKeys(certificate.getCaPubKey(), ca)
                                && certificate.getPrincipals().contains(user));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
        openSsh.close();
    }

    @ParameterizedTest
    @CsvSource({"ed25519,''", "ecdsa,''", "rsa,''", "ed25519,horse", "rsa,horse"})
    void theCertificateBesideTheKeyIsShown(String type, String passphrase) throws Exception {
        Path key = openSsh.key("id", type, passphrase);
        openSsh.certify("ca", "id", "-n", "pi");

        logIn(Optional.of(key), Optional.empty(), passphrase);

        assertThat(questions).hasSize(passphrase.isEmpty() ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa"})
    void theCertificateInTheAgentIsShown(String type) throws Exception {
        Path socket = openSsh.agent();
        Path key = openSsh.key("id", type, "");
        openSsh.certify("ca", "id", "-n", "pi");
        openSsh.add(socket, key);
        Files.delete(key);
        Files.delete(folder.resolve("id-cert.pub"));

        logIn(Optional.empty(), Optional.of(socket), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa"})
    void theCertificateOnDiskCountsForAKeyInTheAgent(String type) throws Exception {
        Path socket = openSsh.agent();
        Path key = openSsh.key("id", type, "");
        openSsh.add(socket, key);
        openSsh.certify("ca", "id", "-n", "pi");
        Files.delete(key);

        logIn(Optional.of(key), Optional.of(socket), "");
    }

    @Test
    void theCertificateThatTheConfigurationNamesIsShown() throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.certify("ca", "id", "-n", "pi");
        Path elsewhere = Files.move(folder.resolve("id-cert.pub"), folder.resolve("other.pub"));
        Files.writeString(
                folder.resolve("home/.ssh/config"),
                "IdentityFile " + key + "\nCertificateFile " + elsewhere + "\n");

        logIn(Optional.empty(), Optional.empty(), "");
    }

    @Test
    void aCertificateOfAnotherKeyIsNotShown() throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.key("other", "ed25519", "");
        openSsh.certify("ca", "other", "-n", "pi");
        Files.move(folder.resolve("other-cert.pub"), folder.resolve("id-cert.pub"));

        assertThatThrownBy(() -> logIn(Optional.of(key), Optional.empty(), ""))
                .isInstanceOf(MachineException.class)
                .hasMessageEndingWith("tried: key " + key);
    }

    @Test
    void theCopyOfAKeyHasItsCertificateBesideIt() throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.certify("ca", "id", "-n", "pi");
        Path copy = Files.createDirectory(folder.resolve("machine")).resolve("id");

        KeyCopy.write(key, copy);

        logIn(Optional.of(copy), Optional.empty(), "");
    }

    @Test
    void aRenewedCertificateBesideTheOriginalCountsForTheCopy() throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.certify("ca", "id", "-n", "pi", "-V", "20200101Z:20200102Z");
        Path copy = Files.createDirectory(folder.resolve("machine")).resolve("id");
        KeyCopy.write(key, copy);
        openSsh.certify("ca", "id", "-n", "pi");

        logIn(Optional.of(copy), Optional.of(key), Optional.empty(), "");
    }

    @ParameterizedTest
    @CsvSource({
        "pi,20200101Z:20200102Z,which ended at 2020-01-02T00:00:00Z",
        "pi,20990101Z:20990102Z,which is valid from 2099-01-01T00:00:00Z",
        "'me,you',always:forever,'which is for me, you'"
    })
    void saysWhyACertificateIsOfNoUse(String users, String validity, String reason)
            throws Exception {
        Path key = openSsh.key("id", "ed25519", "");
        openSsh.certify("ca", "id", "-n", users, "-V", validity);

        assertThatThrownBy(() -> logIn(Optional.of(key), Optional.empty(), ""))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("key " + key + " with its certificate, " + reason + ";");
    }

    private void logIn(Optional<Path> named, Optional<Path> agent, String passphrase) {
        logIn(named, Optional.empty(), agent, passphrase);
    }

    private void logIn(
            Optional<Path> named,
            Optional<Path> original,
            Optional<Path> agent,
            String passphrase) {
        UserSsh user = new UserSsh(folder.resolve("home"), agent, name -> Optional.empty());
        SshTarget target = new SshTarget("127.0.0.1", server.getPort(), "pi", Optional.empty());
        HostSettings settings =
                user.settings("127.0.0.1", Optional.of("pi"), OptionalInt.empty(), note -> {});
        Credentials credentials =
                new Credentials(
                        user.offers(named, original, settings, note -> {}),
                        key -> {
                            questions.add(key);
                            return Optional.of(passphrase.toCharArray());
                        },
                        Optional::empty,
                        "");
        new SshConnector(pause -> {}, user)
                .connect(
                        target,
                        Optional.empty(),
                        credentials,
                        new HostKeys(folder.resolve("pins")),
                        seen -> {},
                        Duration.ofSeconds(10))
                .close();
    }
}
