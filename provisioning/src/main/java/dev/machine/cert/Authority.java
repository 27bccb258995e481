package dev.machine.cert;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The store's own certificate authority, in {@code certs/}: one CA for all machines of the store
 * (EC P-256, 10 years), the user's client certificate beside it, and whatever it issues for nodes
 * and endpoints (825 days, the longest that every client accepts). Certificates are valid from a
 * day ago, because a board's clock may be behind. The CA's key never leaves the folder.
 */
public final class Authority {
    private static final Duration CA_VALID = Duration.ofDays(3650);
    private static final Duration LEAF_VALID = Duration.ofDays(825);
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Duration STORE_LOCK = Duration.ofSeconds(30);

    private final Store store;
    private final Clock clock;

    public Authority(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Makes CA and client certificate where they are missing.
     *
     * @throws MachineException if half of a pair is missing: which half is lost only its owner can
     *     say
     */
    public void ensure() {
        if (whole("ca.pem", "ca-key.pem") && whole("cert.pem", "key.pem")) {
            return;
        }
        try (var lock = store.lockStore(STORE_LOCK)) {
            AtomicFiles.privateDirectory(store.certs());
            Instant from = clock.instant().minus(BACKDATED);
            if (!whole("ca.pem", "ca-key.pem")) {
                save(
                        "ca.pem",
                        "ca-key.pem",
                        Issuer.authority("machine CA", from, from.plus(CA_VALID)));
            }
            if (!whole("cert.pem", "key.pem")) {
                save("cert.pem", "key.pem", client("user"));
            }
        }
    }

    /** The CA's certificate in PEM; empty before the first {@link #ensure}. */
    public Optional<String> caCertificate() {
        return read(store.certs().resolve("ca.pem"));
    }

    /** Issues a certificate with which an engine or an endpoint proves its names and addresses. */
    public CertificatePair serverCertificate(String name, List<String> alternativeNames) {
        return Issuer.leaf(
                signer(),
                name,
                KeyPurposeId.id_kp_serverAuth,
                alternativeNames,
                backdated(),
                LEAF_VALID);
    }

    /**
     * Whether a server's certificate need not be issued again: our CA's, all names in it, not about
     * to expire.
     */
    public boolean stillRight(String pem, Collection<String> alternativeNames) {
        Path ca = store.certs().resolve("ca.pem");
        if (!Files.exists(ca)) {
            return false;
        }
        try {
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(
                                                    pem.getBytes(StandardCharsets.UTF_8)));
            certificate.verify(Pem.certificates(ca).getFirst().getPublicKey());
            Instant now = clock.instant();
            return names(certificate).containsAll(alternativeNames)
                    && List.of(KeyPurposeId.id_kp_serverAuth.getId())
                            .equals(certificate.getExtendedKeyUsage())
                    && !certificate.getNotBefore().toInstant().isAfter(now)
                    && certificate.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE));
        } catch (GeneralSecurityException e) {
            // Not a certificate, or not of our CA: either way a new one is due.
            return false;
        }
    }

    /**
     * Puts {@code server}, {@code client} and their keys into an endpoint's folder, where they are
     * not right already.
     */
    public void endpointCertificates(
            String name, Path folder, Collection<String> alternativeNames) {
        Optional<String> server = read(folder.resolve("server.pem"));
        if (server.isEmpty()
                || !Files.exists(folder.resolve("server-key.pem"))
                || !stillRight(server.get(), alternativeNames)) {
            save(
                    folder,
                    "server.pem",
                    "server-key.pem",
                    serverCertificate(name, List.copyOf(alternativeNames)));
        }
        if (!Files.exists(folder.resolve("client.pem"))
                || !Files.exists(folder.resolve("client-key.pem"))) {
            save(folder, "client.pem", "client-key.pem", client(name));
        }
    }

    private CertificatePair client(String name) {
        return Issuer.leaf(
                signer(), name, KeyPurposeId.id_kp_clientAuth, List.of(), backdated(), LEAF_VALID);
    }

    private Instant backdated() {
        return clock.instant().minus(BACKDATED);
    }

    private Issuer.Signer signer() {
        Path certs = store.certs();
        return new Issuer.Signer(
                Pem.certificates(certs.resolve("ca.pem")).getFirst(),
                Pem.privateKey(certs.resolve("ca-key.pem")));
    }

    /**
     * Whether both halves are there; a key is written first, so a key alone is an attempt cut short
     * and made anew.
     */
    private boolean whole(String certificate, String key) {
        Path folder = store.certs();
        boolean hasKey = Files.exists(folder.resolve(key));
        if (Files.exists(folder.resolve(certificate)) && !hasKey) {
            throw new MachineException(
                    folder.resolve(key) + " is missing beside " + certificate,
                    "put it back from a copy; a new one would lock you out of every node",
                    ExitCode.ERROR);
        }
        return hasKey && Files.exists(folder.resolve(certificate));
    }

    private void save(String certificate, String key, CertificatePair pair) {
        save(store.certs(), certificate, key, pair);
    }

    private static void save(Path folder, String certificate, String key, CertificatePair pair) {
        AtomicFiles.write(folder.resolve(key), pair.key(), AtomicFiles.PRIVATE);
        AtomicFiles.write(folder.resolve(certificate), pair.certificate(), AtomicFiles.PUBLIC);
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(name -> names.add(String.valueOf(name.get(1))));
        }
        return names;
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }
}
