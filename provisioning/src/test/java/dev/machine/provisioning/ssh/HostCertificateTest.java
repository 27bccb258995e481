package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import org.apache.sshd.common.keyprovider.FileHostKeyCertificateProvider;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that show a certificate made by ssh-keygen, and what the user says of authorities. */
class HostCertificateTest {
    private static final String STRICT = "strict";

    @TempDir private Path folder;

    private final List<HostKey> pinned = new ArrayList<>();
    private OpenSsh openSsh;
    private SshServer server;

    @BeforeEach
    void makeKeys() throws Exception {
        openSsh = new OpenSsh(folder);
        openSsh.key("ca", "ed25519", "");
        Files.createDirectory(folder.resolve(".ssh"));
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.stop(true);
        }
        openSsh.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa"})
    void pinsTheKeyInsideSoThatARenewedCertificateChangesNothing(String type) throws Exception {
        certified(type, "127.0.0.1", "+1h");
        authority("*");

        connect("").close();
        int port = server.getPort();
        server.stop(true);
        openSsh.certify("ca", "host", "-h", "-n", "127.0.0.1", "-V", "+2h");
        serve(port);
        connect("").close();

        assertThat(pinned).containsExactly(hostKey());
        assertThat(Files.readString(folder.resolve("pins"))).doesNotContain("cert");
    }

    @Test
    void aHostWithACertificateOfNobodyIsAHostWithAKey() throws Exception {
        certified("ecdsa", "127.0.0.1", "+1h");

        connect("").close();

        assertThat(pinned).containsExactly(hostKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "127.0.0.?", "[127.0.0.1]:PORT", "!10.*,127.*", "HASHED"})
    void theStrictBelieveAnAuthorityOfTheirs(String hosts) throws Exception {
        certified("ecdsa", "127.0.0.1", "+1h");
        authority(hosts);

        connect(STRICT).close();

        assertThat(pinned).containsExactly(hostKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.*", "[127.0.0.1]:1", "*,!*127.0.0.1*"})
    void theAuthorityOfOtherHostsIsNothingToThisOne(String hosts) throws Exception {
        certified("ecdsa", "127.0.0.1", "+1h");
        authority(hosts);

        refused(STRICT, ExitCode.UNREACHABLE, "is not known");
    }

    @Test
    void aCertificateThatEndedDoesNotCount() throws Exception {
        certified("ecdsa", "127.0.0.1", "20200101:20200102");
        authority("*");

        refused(
                STRICT,
                ExitCode.UNREACHABLE,
                "its certificate does not count: it ended at 2020-01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example", "127.0.0.*"})
    void aCertificateForAnotherHostDoesNotCount(String name) throws Exception {
        certified("ecdsa", name, "+1h");
        authority("*");

        refused(STRICT, ExitCode.UNREACHABLE, "does not count: it is for " + name);
    }

    @Test
    void aUsersCertificateAndAForgedOneDoNotCount() throws Exception {
        openSsh.key("host", "ecdsa", "");
        openSsh.certify("ca", "host", "-n", "127.0.0.1", "-V", "+1h");
        assertThat(certificate(wire()).objection("127.0.0.1", Instant.now()))
                .contains("it is a user's certificate");

        openSsh.certify("ca", "host", "-h", "-n", "127.0.0.1", "-V", "+1h");
        byte[] forged = wire();
        assertThat(certificate(forged).objection("127.0.0.1", Instant.now())).isEmpty();
        int name = new String(forged, StandardCharsets.ISO_8859_1).indexOf("127.0.0.1");
        forged[name + 8] = '2';
        assertThat(certificate(forged).objection("127.0.0.2", Instant.now()))
                .contains("its signature is wrong");
    }

    private byte[] wire() throws IOException {
        return KeyBlob.inFile(folder.resolve("host-cert.pub")).orElseThrow().wire();
    }

    private static HostCertificate certificate(byte[] wire) throws IOException {
        return HostCertificate.of(new Buffer.PlainBuffer(wire).readPublicKey()).orElseThrow();
    }

    @Test
    void aRevokedKeyOrAuthorityIsNeverBelieved() throws Exception {
        certified("ecdsa", "127.0.0.1", "+1h");
        authority("*");

        add("@revoked * " + Files.readString(folder.resolve("ca.pub")));
        refused(STRICT, ExitCode.UNREACHABLE, "is not known");

        add("@revoked * " + Files.readString(folder.resolve("host.pub")));
        refused("", ExitCode.HOST_KEY_CHANGED, "@revoked");
    }

    @Test
    void aNewKeyWithACertificateReplacesThePinnedOne() throws Exception {
        certified("ecdsa", "127.0.0.1", "+1h");
        authority("*");
        connect("").close();
        HostKey first = hostKey();
        int port = server.getPort();
        server.stop(true);

        for (String file : List.of("host", "host.pub", "host-cert.pub")) {
            Files.delete(folder.resolve(file));
        }
        openSsh.key("host", "ecdsa", "");
        openSsh.certify("ca", "host", "-h", "-n", "127.0.0.1", "-V", "+1h");
        serve(port);
        HostKeys pins = pins();
        pins.pin("127.0.0.1", port, first);
        connect("", pins).close();

        assertThat(pinned).containsExactly(first, hostKey());
    }

    @Test
    void aNewKeyWithoutOneIsAChangedKey() throws Exception {
        openSsh.key("host", "ecdsa", "");
        serve(0);
        authority("*");
        HostKeys pins = pins();
        openSsh.key("old", "ecdsa", "");
        pins.pin("127.0.0.1", server.getPort(), key("old"));

        assertThatThrownBy(() -> connect("", pins))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.HOST_KEY_CHANGED));
    }

    private void certified(String type, String principal, String validity) throws Exception {
        openSsh.key("host", type, "");
        openSsh.certify("ca", "host", "-h", "-n", principal, "-V", validity);
        serve(0);
    }

    private void serve(int port) throws IOException {
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(new FileKeyPairProvider(folder.resolve("host")));
        if (Files.exists(folder.resolve("host-cert.pub"))) {
            server.setHostKeyCertificateProvider(
                    new FileHostKeyCertificateProvider(folder.resolve("host-cert.pub")));
        }
        server.setPasswordAuthenticator((user, password, session) -> true);
        server.start();
    }

    private void authority(String hosts) throws Exception {
        String key = Files.readString(folder.resolve("ca.pub"));
        if (hosts.equals("HASHED")) {
            // ssh-keygen -H leaves the lines of authorities as they are, but ssh reads hashed ones.
            Path plain = folder.resolve("plain");
            Files.writeString(plain, "[127.0.0.1]:" + server.getPort() + " " + key);
            openSsh.hash(plain);
            String hashed = Files.readString(plain);
            assertThat(hashed).startsWith("|1|");
            add("@cert-authority " + hashed);
        } else {
            add("@cert-authority " + hosts.replace("PORT", server.getPort() + "") + " " + key);
        }
    }

    private void add(String line) throws IOException {
        Path file = folder.resolve(".ssh/known_hosts");
        String before = Files.exists(file) ? Files.readString(file) : "# mine\n\nbroken line\n";
        Files.writeString(file, before + line.strip() + "\n");
    }

    private void refused(String trust, int exitCode, String words) {
        assertThatThrownBy(() -> connect(trust))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.sentence()).contains(words);
                            assertThat(e.exitCode()).isEqualTo(exitCode);
                        });
    }

    private HostKey hostKey() throws Exception {
        return key("host");
    }

    private HostKey key(String name) throws IOException {
        String[] words = Files.readString(folder.resolve(name + ".pub")).split(" ");
        return new HostKey(words[0], words[1]);
    }

    private HostKeys pins() {
        return new HostKeys(folder.resolve("pins"));
    }

    private SshConnection connect(String trust) {
        return connect(trust, pins());
    }

    private SshConnection connect(String trust, HostKeys pins) {
        SshTarget target =
                new SshTarget(
                        "127.0.0.1",
                        server.getPort(),
                        "pi",
                        Optional.empty(),
                        Optional.empty(),
                        "127.0.0.1",
                        Optional.of(trust).filter(it -> !it.isEmpty()),
                        Optional.empty());
        UserSsh user = new UserSsh(folder, Optional.empty(), name -> Optional.empty());
        return new SshConnector(pause -> {}, user)
                .connect(
                        target,
                        Optional.empty(),
                        Credentials.files(() -> Optional.of("secret".toCharArray())),
                        pins,
                        key -> {
                            pinned.add(key);
                            pins.forget("127.0.0.1", server.getPort());
                            pins.pin("127.0.0.1", server.getPort(), key);
                        },
                        Duration.ofSeconds(5));
    }
}
