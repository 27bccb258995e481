package dev.machine.provisioning.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.cert.CaRotation.Phase;
import dev.machine.provisioning.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaRotationTest {
    private static final List<String> NAMES = List.of("127.0.0.1");

    @TempDir Path folder;
    private Store store;
    private Authority authority;
    private CaRotation rotation;
    private X509Certificate first;

    @BeforeEach
    void found() {
        store = new Store(folder.resolve("s"));
        authority = new Authority(store, Clock.systemUTC());
        authority.ensure();
        rotation = new CaRotation(store, Clock.systemUTC());
        first = trusted().getFirst();
    }

    private List<X509Certificate> trusted() {
        return Pem.certificates(store.certs().resolve("ca.pem"));
    }

    private X509Certificate user() {
        return Pem.certificates(store.certs().resolve("cert.pem")).getFirst();
    }

    @Test
    void theOldCaIssuesUntilTheNewOneIsKnown() {
        String server = authority.serverCertificate("n", NAMES).certificate();
        rotation.begin();
        rotation.begin();
        assertThat(rotation.phase()).isEqualTo(Phase.SPREADING);
        assertThat(trusted()).hasSize(2).startsWith(first);
        assertThat(rotation.trusted())
                .extracting(CaRotation.Trusted::role)
                .containsExactly("CA", "next CA");
        assertThat(authority.stillRight(server, NAMES)).isTrue();
        assertThat(issuer(authority.serverCertificate("n", NAMES))).isEqualTo(first);
        assertThatThrownBy(rotation::finish)
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("not known to every node");
    }

    @Test
    void thenTheNewOneIssuesAndWhatTheOldOneIssuedIsReplaced() {
        String server = authority.serverCertificate("n", NAMES).certificate();
        rotation.begin();
        X509Certificate next = trusted().getLast();

        rotation.switchOver();

        assertThat(rotation.phase()).isEqualTo(Phase.OVERLAP);
        assertThat(rotation.trusted())
                .extracting(CaRotation.Trusted::certificate)
                .containsExactly(next, first);
        assertThat(authority.stillRight(server, NAMES)).isFalse();
        assertThat(issuer(authority.serverCertificate("n", NAMES))).isEqualTo(next);
        authority.ensure();
        assertThat(CertificateCheck.isSignedBy(user(), next)).isTrue();
        rotation.begin();
        assertThat(trusted()).hasSize(2);

        rotation.finish();
        assertThat(trusted()).containsExactly(next);
        assertThat(rotation.phase()).isEqualTo(Phase.SETTLED);
        X509Certificate user = user();
        authority.ensure();
        assertThat(user()).isEqualTo(user);
    }

    /** As docker-machine's, whose key a rotation would have replaced. */
    @Test
    void replacesNoCaWhoseKeyItCannotUse() throws Exception {
        Path key = store.certs().resolve("ca-key.pem");
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "RSA PRIVATE KEY"));
        String trusted = Files.readString(store.certs().resolve("ca.pem"));

        assertThatThrownBy(() -> new CaRotation(store, Clock.systemUTC()).begin())
                .hasMessageContaining("a PKCS#1 one, as docker-machine writes it");

        assertThat(store.certs().resolve("ca.pem")).hasContent(trusted);
        assertThat(store.certs().resolve("ca-next-key.pem")).doesNotExist();
    }

    @Test
    void aStartThatWasCutShortIsMadeAgain() throws Exception {
        Files.writeString(store.certs().resolve("ca-next-key.pem"), "half a start");
        assertThat(rotation.phase()).isEqualTo(Phase.SETTLED);
        rotation.begin();
        rotation.switchOver();
        assertThat(issuer(authority.serverCertificate("n", NAMES))).isEqualTo(trusted().getLast());
    }

    @Test
    void endpointsGetNewCertificatesOnlyOnce() {
        Path endpoint = store.machine("m");
        assertThat(authority.endpointCertificates("m", endpoint, NAMES)).isTrue();
        rotation.begin();
        assertThat(authority.endpointCertificates("m", endpoint, NAMES)).isFalse();
        rotation.switchOver();
        assertThat(authority.endpointCertificates("m", endpoint, NAMES)).isTrue();
        assertThat(authority.endpointCertificates("m", endpoint, NAMES)).isFalse();
    }

    private X509Certificate issuer(CertificatePair pair) {
        X509Certificate leaf = CertificateCheck.parse(pair.certificate()).orElseThrow();
        return trusted().stream()
                .filter(ca -> CertificateCheck.isSignedBy(leaf, ca))
                .findFirst()
                .orElseThrow();
    }
}
