package dev.machine.provisioning.cert;

import static dev.machine.provisioning.store.CertificateFiles.CA;
import static dev.machine.provisioning.store.CertificateFiles.CA_KEY;
import static dev.machine.provisioning.store.CertificateFiles.ENDPOINT_CLIENT;
import static dev.machine.provisioning.store.CertificateFiles.ENDPOINT_CLIENT_KEY;
import static dev.machine.provisioning.store.CertificateFiles.ENDPOINT_SERVER;
import static dev.machine.provisioning.store.CertificateFiles.ENDPOINT_SERVER_KEY;
import static dev.machine.provisioning.store.CertificateFiles.USER;
import static dev.machine.provisioning.store.CertificateFiles.USER_KEY;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The store's own certificate authority, in {@code certs/}: one CA for all machines of the store
 * (EC P-256, 10 years) and the user's client certificate. What it issues is valid for 825 days, the
 * longest time that every client accepts, and from a day ago, because a board's clock may be
 * behind. The CA's key never leaves the folder.
 *
 * <p>The CA is never made twice: its folder appears whole, by one rename, and an incomplete folder
 * is an error, because a new CA would lock the user out of every node. A {@link CaRotation}
 * replaces the CA.
 */
public final class Authority {
    /**
     * A certificate that expires sooner is renewed by the next provision and warned of; within a
     * month a provision is likely.
     */
    public static final Duration RENEW_BEFORE = Duration.ofDays(30);

    static final Duration CA_VALID = Duration.ofDays(3650);
    static final Duration BACKDATED = Duration.ofDays(1);
    static final Duration STORE_LOCK_TIMEOUT = Duration.ofSeconds(30);
    static final Duration LEAF_VALID = Duration.ofDays(825);

    private final Store store;
    private final Clock clock;
    private final CaFolder ca;

    public Authority(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.ca = new CaFolder(store.certs());
    }

    /**
     * Makes the CA and the client certificate if they are missing, and a new client certificate if
     * the old one is not valid any more.
     *
     * @throws MachineException if a certificate or key is missing or they do not belong together;
     *     then nothing is changed
     */
    public void ensure() {
        if (isReady()) {
            return;
        }
        try (var lock = store.lockStore(STORE_LOCK_TIMEOUT)) {
            if (isReady()) {
                return;
            }
            if (Stream.of(CA, CA_KEY, USER, USER_KEY).map(this::file).noneMatch(Files::exists)) {
                new CaFounding(store, clock).found();
            } else {
                issueClient();
            }
        }
    }

    /**
     * Checks that {@link #ensure} can work; writes nothing.
     *
     * @throws MachineException exit code 3 if the CA cannot be used, or the folder holds files of
     *     others
     */
    public void check() {
        try {
            if (Files.exists(file(CA)) || Files.exists(file(CA_KEY))) {
                isReady();
                ca.signer(clock.instant());
            } else {
                refuseHalf(USER, CA);
                refuseHalf(USER_KEY, CA);
                refuseForeign();
            }
        } catch (MachineException e) {
            throw new MachineException(
                    e.sentence() + "; nothing was changed",
                    Objects.requireNonNullElse(
                            e.hint(),
                            "give machine a folder of its own with MACHINE_STORAGE_PATH or --storage-path"),
                    ExitCode.PRE_CREATE_CHECK,
                    e);
        }
    }

    private void refuseForeign() {
        if (!Files.exists(store.certs(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.list(store.certs())) {
            List<String> names = files.map(it -> it.getFileName().toString()).sorted().toList();
            if (!names.isEmpty()) {
                throw new MachineException(
                        "%s holds %s, but no CA of machine"
                                .formatted(store.certs(), String.join(", ", names)));
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read " + store.certs() + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Gives the user a new certificate and key, even if the old one is valid. */
    public void renewClientCertificate() {
        ensure();
        try (var lock = store.lockStore(STORE_LOCK_TIMEOUT)) {
            issueClient();
        }
    }

    private void issueClient() {
        KeyPurposeId client = KeyPurposeId.id_kp_clientAuth;
        issue(store.certs(), USER, USER_KEY, "user", client, List.of());
    }

    /**
     * The CA's certificate in PEM, two during a rotation; empty before the first {@link #ensure}.
     */
    public Optional<String> caCertificate() {
        return read(file(CA));
    }

    /**
     * Issues a certificate that proves the names and addresses of an engine; it gives no access to
     * other engines.
     */
    public CertificatePair serverCertificate(String name, List<String> alternativeNames) {
        return leaf(name, KeyPurposeId.id_kp_serverAuth, alternativeNames);
    }

    /**
     * Whether a server's certificate is still good: issued by our CA, with all names, not about to
     * expire.
     */
    public boolean stillRight(String pem, Collection<String> alternativeNames) {
        return Files.exists(file(CA))
                && CertificateCheck.parse(pem)
                        .filter(it -> isRight(it, KeyPurposeId.id_kp_serverAuth, alternativeNames))
                        .isPresent();
    }

    /** The name that a certificate of ours was issued for; empty if another CA signed it. */
    public Optional<String> issuedFor(String pem) {
        return Files.exists(file(CA))
                ? CertificateCheck.parse(pem)
                        .filter(
                                it ->
                                        ca.trusted().stream()
                                                .anyMatch(
                                                        ours ->
                                                                CertificateCheck.isSignedBy(
                                                                        it, ours)))
                        .flatMap(Pem::commonName)
                : Optional.empty();
    }

    /**
     * Writes {@code server.pem}, {@code client.pem} and their keys into an endpoint's folder if
     * they are missing or not valid any more.
     *
     * @return whether anything was written
     */
    public boolean endpointCertificates(
            String name, Path folder, Collection<String> alternativeNames) {
        return endpointCertificates(name, folder, alternativeNames, false);
    }

    /** The same, even if they are valid. */
    public boolean renewEndpointCertificates(
            String name, Path folder, Collection<String> alternativeNames) {
        return endpointCertificates(name, folder, alternativeNames, true);
    }

    private boolean endpointCertificates(
            String name, Path folder, Collection<String> alternativeNames, boolean anew) {
        KeyPurposeId serves = KeyPurposeId.id_kp_serverAuth;
        boolean server =
                anew
                        || !isRightPair(
                                folder,
                                ENDPOINT_SERVER,
                                ENDPOINT_SERVER_KEY,
                                serves,
                                alternativeNames);
        if (server) {
            issue(folder, ENDPOINT_SERVER, ENDPOINT_SERVER_KEY, name, serves, alternativeNames);
        }
        KeyPurposeId asks = KeyPurposeId.id_kp_clientAuth;
        boolean client =
                anew || !isRightPair(folder, ENDPOINT_CLIENT, ENDPOINT_CLIENT_KEY, asks, List.of());
        if (client) {
            issue(folder, ENDPOINT_CLIENT, ENDPOINT_CLIENT_KEY, name, asks, List.of());
        }
        return server || client;
    }

    private boolean isReady() {
        if (!Files.exists(file(CA)) && !Files.exists(file(CA_KEY))) {
            refuseHalf(USER, CA);
            refuseHalf(USER_KEY, CA);
            return false;
        }
        refuseHalf(CA, CA_KEY);
        refuseHalf(CA_KEY, CA);
        // A key without its certificate comes from an interrupted attempt, because the key is
        // written first.
        refuseHalf(USER, USER_KEY);
        return isRightPair(store.certs(), USER, USER_KEY, KeyPurposeId.id_kp_clientAuth, List.of());
    }

    private void refuseHalf(String present, String missing) {
        if (Files.exists(file(present)) && !Files.exists(file(missing))) {
            throw new MachineException(
                    file(missing) + " is missing beside " + present,
                    "restore it from a backup; or to start again, move the folder "
                            + store.certs()
                            + " away and run machine provision for every node",
                    ExitCode.ERROR);
        }
    }

    private void issue(
            Path folder,
            String certificate,
            String key,
            String name,
            KeyPurposeId purpose,
            Collection<String> names) {
        leaf(name, purpose, List.copyOf(names)).save(folder, certificate, key);
    }

    private CertificatePair leaf(String name, KeyPurposeId purpose, List<String> names) {
        Instant from = clock.instant().minus(BACKDATED);
        return Issuer.leaf(ca.signer(from), name, purpose, names, from, LEAF_VALID);
    }

    private boolean isRightPair(
            Path folder,
            String certificate,
            String key,
            KeyPurposeId purpose,
            Collection<String> names) {
        Path keyFile = folder.resolve(key);
        return Files.exists(keyFile)
                && read(folder.resolve(certificate))
                        .flatMap(CertificateCheck::parse)
                        .filter(it -> isRight(it, purpose, names))
                        .filter(it -> CertificateCheck.belongsTo(Pem.privateKey(keyFile), it))
                        .isPresent();
    }

    private boolean isRight(
            X509Certificate certificate, KeyPurposeId purpose, Collection<String> names) {
        return CertificateCheck.isRight(certificate, ca.issuing(), purpose, names, clock.instant());
    }

    private Path file(String name) {
        return store.certs().resolve(name);
    }

    private static Optional<String> read(Path file) {
        return Files.exists(file) ? Optional.of(AtomicFiles.text(file)) : Optional.empty();
    }
}
