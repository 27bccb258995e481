package dev.machine.provisioning.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AuthorityTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final List<String> NAMES =
            List.of("127.0.0.1", "localhost", "rack-1-node-4", "fd00::1", "Node.Example");

    @TempDir Path folder;
    private Store store;
    private Authority authority;

    @BeforeEach
    void open() {
        store = new Store(folder.resolve("s"));
        authority = at(Duration.ZERO);
    }

    private Authority at(Duration later) {
        return new Authority(store, Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    private Map<String, String> certs() throws Exception {
        Map<String, String> contents = new HashMap<>();
        try (var files = Files.list(store.certs())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private X509Certificate certificate(String file) {
        return Pem.certificates(store.certs().resolve(file)).getFirst();
    }

    @Test
    void makesACaAndAClientOnceAndLeavesThemAlone() throws Exception {
        authority.ensure();
        Map<String, String> before = certs();
        assertThat(before).containsOnlyKeys("ca.pem", "ca-key.pem", "cert.pem", "key.pem");
        authority.ensure();
        assertThat(certs()).isEqualTo(before);
        assertThat(authority.caCertificate()).contains(before.get("ca.pem"));
        assertThat(Files.getPosixFilePermissions(store.certs()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        for (String key : List.of("ca-key.pem", "key.pem")) {
            assertThat(Files.getPosixFilePermissions(store.certs().resolve(key)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(before.get(key)).startsWith("-----BEGIN PRIVATE KEY-----");
        }
        try (var left = Files.list(store.base())) {
            assertThat(left).noneMatch(it -> it.getFileName().toString().contains("new"));
        }
    }

    @Test
    void makesThemForThePurposesAndTimesOfTheDesign() throws Exception {
        authority.ensure();
        X509Certificate ca = certificate("ca.pem");
        assertThat(ca.getBasicConstraints()).isNotNegative();
        assertThat(ca.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(ca.getKeyUsage()[5]).as("keyCertSign").isTrue();
        assertThat(days(ca)).isEqualTo(3650);
        X509Certificate client = certificate("cert.pem");
        assertThat(client.getBasicConstraints()).isEqualTo(-1);
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        X509Certificate server = parse(authority.serverCertificate("rack-1-node-4", NAMES));
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getSubjectAlternativeNames())
                .extracting(name -> name.get(0) + " " + name.get(1))
                .containsExactlyInAnyOrder(
                        "7 127.0.0.1",
                        "2 localhost",
                        "2 rack-1-node-4",
                        "7 fd00:0:0:0:0:0:0:1",
                        "2 Node.Example");
        assertThat(days(server)).isEqualTo(825);
        assertThat(server.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofDays(1)));
        assertThat(server.getSerialNumber().signum()).isPositive();
    }

    private static long days(X509Certificate certificate) {
        return Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant())
                .toDays();
    }

    private static X509Certificate parse(CertificatePair pair) {
        return CertificateCheck.parse(pair.certificate()).orElseThrow();
    }

    @Test
    void registersNoSecurityProvider() {
        Provider[] before = Security.getProviders();
        authority.ensure();
        authority.serverCertificate("n", NAMES);
        assertThat(Security.getProviders()).isEqualTo(before);
    }

    @Test
    void provesBothSidesInARealHandshake() throws Exception {
        authority.ensure();
        Path endpoint = store.machine("master");
        authority.endpointCertificates("master", endpoint, List.of("127.0.0.1"));
        Path ca = store.certs().resolve("ca.pem");
        SSLContext server =
                Pem.context(ca, endpoint.resolve("server.pem"), endpoint.resolve("server-key.pem"));
        SSLContext user =
                Pem.context(
                        ca, store.certs().resolve("cert.pem"), store.certs().resolve("key.pem"));
        SSLContext master =
                Pem.context(ca, endpoint.resolve("client.pem"), endpoint.resolve("client-key.pem"));
        assertThat(handshake(server, user)).isTrue();
        assertThat(handshake(server, master)).isTrue();
        // The key of a stolen node is a server's and opens nothing.
        assertThat(handshake(server, server)).isFalse();
        assertThat(handshake(user, user)).isFalse();
    }

    /** Whether both sides accept each other; the client asks for 127.0.0.1. */
    private static boolean handshake(SSLContext server, SSLContext client) throws Exception {
        try (SSLServerSocket listener =
                        (SSLServerSocket)
                                server.getServerSocketFactory()
                                        .createServerSocket(
                                                0, 1, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            listener.setNeedClientAuth(true);
            Future<Boolean> served =
                    threads.submit(
                            () -> {
                                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                                    socket.startHandshake();
                                    socket.getOutputStream().write(1);
                                    return true;
                                } catch (IOException e) {
                                    // An alert, or the reset of a client that went away at ours.
                                    return false;
                                }
                            });
            boolean accepted;
            try (SSLSocket socket =
                    (SSLSocket)
                            client.getSocketFactory()
                                    .createSocket("127.0.0.1", listener.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                accepted = socket.getInputStream().read() == 1;
            } catch (IOException e) {
                accepted = false;
            }
            return served.get() && accepted;
        }
    }

    @Test
    void keepsWhatIsStillRight() {
        authority.ensure();
        String pem = authority.serverCertificate("n", NAMES).certificate();
        assertThat(authority.stillRight(pem, NAMES)).isTrue();
        assertThat(authority.stillRight(pem, List.of("localhost", "NODE.example", "fd00:0::1")))
                .as("a part of its names, spelled otherwise")
                .isTrue();
        assertThat(authority.stillRight(pem, List.of("localhost", "other"))).isFalse();
        assertThat(at(Duration.ofDays(793)).stillRight(pem, NAMES)).isTrue();
        assertThat(at(Duration.ofDays(795)).stillRight(pem, NAMES)).isFalse();
        assertThat(at(Duration.ofDays(-2)).stillRight(pem, NAMES)).isFalse();
        for (String wrong : List.of("", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n")) {
            assertThat(authority.stillRight(wrong, NAMES)).isFalse();
        }
    }

    @Test
    void doesNotTakeAClientsCertificateOrAnotherCasForAServers() throws Exception {
        authority.ensure();
        assertThat(authority.stillRight(certs().get("cert.pem"), List.of())).isFalse();
        Authority other = new Authority(new Store(folder.resolve("other")), Clock.systemUTC());
        other.ensure();
        String foreign = other.serverCertificate("n", NAMES).certificate();
        assertThat(other.stillRight(foreign, NAMES)).isTrue();
        assertThat(authority.stillRight(foreign, NAMES)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ca.pem",
                "ca-key.pem",
                "key.pem",
                "ca.pem ca-key.pem",
                "ca.pem ca-key.pem key.pem",
            })
    void refusesAHalfAndOverwritesNothing(String lost) throws Exception {
        authority.ensure();
        for (String file : lost.split(" ")) {
            Files.delete(store.certs().resolve(file));
        }
        Map<String, String> before = certs();
        assertThatThrownBy(() -> authority.ensure())
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(" is missing beside ");
        assertThat(certs()).isEqualTo(before);
    }

    @Test
    void refusesACaWhoseKeyIsAnother() throws Exception {
        authority.ensure();
        Files.copy(
                store.certs().resolve("key.pem"),
                store.certs().resolve("ca-key.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> authority.serverCertificate("n", NAMES))
                .isInstanceOf(MachineException.class)
                .hasMessageEndingWith("ca-key.pem is not the key of ca.pem");
    }

    @Test
    void refusesToIssueWithAnExpiredCa() {
        authority.ensure();
        assertThatThrownBy(() -> at(Duration.ofDays(3650)).serverCertificate("n", NAMES))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("expired on");
    }

    @Test
    void renewsOnlyTheClientCertificateWhenItsTimeComes() throws Exception {
        authority.ensure();
        Map<String, String> before = certs();
        at(Duration.ofDays(793)).ensure();
        assertThat(certs()).isEqualTo(before);
        at(Duration.ofDays(800)).ensure();
        assertThat(certs().get("ca.pem")).isEqualTo(before.get("ca.pem"));
        assertThat(certs().get("ca-key.pem")).isEqualTo(before.get("ca-key.pem"));
        assertThat(certs().get("cert.pem")).isNotEqualTo(before.get("cert.pem"));
    }

    @Test
    void goesOnAfterBeingKilledBetweenAClientsKeyAndItsCertificate() throws Exception {
        authority.ensure();
        Files.delete(store.certs().resolve("cert.pem"));
        authority.ensure();
        assertThat(certs()).containsKey("cert.pem");
    }

    @Test
    void goesOnAfterBeingKilledWhileMakingTheCa() throws Exception {
        Files.createDirectories(store.base().resolve(".certs.new"));
        Files.writeString(store.base().resolve(".certs.new/ca-key.pem"), "half");
        authority.ensure();
        authority.serverCertificate("n", NAMES);
        assertThat(store.base()).isDirectoryNotContaining("glob:**/.certs*");
    }

    /** Who made the folder could read the key. */
    @Test
    void takesNoFolderThatSomebodyElseMade() throws Exception {
        Path planted = folder.resolve("planted");
        Files.createDirectories(planted);
        Files.createDirectories(store.base());
        Files.createSymbolicLink(store.base().resolve(".certs.new"), planted);

        authority.ensure();

        assertThat(planted).isEmptyDirectory();
        assertThat(Files.isSymbolicLink(store.certs())).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.certs())))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesAFolderThatIsSomebodyElsesAndWritesNothing() throws Exception {
        Files.createDirectories(store.certs());
        Files.writeString(store.certs().resolve("notes.txt"), "mine");
        assertRefused("holds notes.txt, but no CA");

        Files.delete(store.certs().resolve("notes.txt"));
        authority.ensure();
        String key = Files.readString(store.certs().resolve("ca-key.pem"));
        Files.writeString(
                store.certs().resolve("ca-key.pem"), key.replace("PRIVATE KEY", "RSA PRIVATE KEY"));
        assertRefused("ca-key.pem contains no PKCS#8 private key but a PKCS#1 one");

        Files.delete(store.certs().resolve("ca-key.pem"));
        assertRefused("ca-key.pem is missing");
        Files.writeString(store.certs().resolve("ca-key.pem"), key);
        authority.check();
    }

    private void assertRefused(String why) throws Exception {
        Map<String, String> before = certs();
        assertThatThrownBy(authority::check)
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(why)
                .hasFieldOrPropertyWithValue("exitCode", ExitCode.PRE_CREATE_CHECK);
        assertThat(certs()).isEqualTo(before);
    }

    @Test
    void makesOneCaForManyAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> seen =
                    java.util.stream.IntStream.range(0, 8)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () -> {
                                                        authority.ensure();
                                                        return certs().get("ca.pem");
                                                    }))
                            .toList();
            for (Future<String> ca : seen) {
                assertThat(ca.get()).isEqualTo(certs().get("ca.pem"));
            }
        }
    }

    @Test
    void renewsAnEndpointsCertificateOnlyWhenItsAddressIsNew() throws Exception {
        authority.ensure();
        Path endpoint = store.machine("master");
        authority.endpointCertificates("master", endpoint, List.of("127.0.0.1"));
        byte[] server = Files.readAllBytes(endpoint.resolve("server.pem"));
        byte[] client = Files.readAllBytes(endpoint.resolve("client.pem"));
        authority.endpointCertificates("master", endpoint, List.of("127.0.0.1"));
        assertThat(Files.readAllBytes(endpoint.resolve("server.pem"))).isEqualTo(server);
        authority.endpointCertificates("master", endpoint, List.of("127.0.0.1", "10.0.0.1"));
        assertThat(Arrays.equals(Files.readAllBytes(endpoint.resolve("server.pem")), server))
                .isFalse();
        assertThat(Files.readAllBytes(endpoint.resolve("client.pem"))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä.example", "a\nb", "$(id)"})
    void refusesANameThatNoCertificateCanHold(String name) {
        authority.ensure();
        assertThatThrownBy(() -> authority.serverCertificate("n", List.of(name)))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("cannot be a name in a certificate");
    }

    @Test
    void doesNotShowAKeyInItsStringForm() {
        authority.ensure();
        assertThat(authority.serverCertificate("n", NAMES).toString()).doesNotContain("PRIVATE");
    }
}
