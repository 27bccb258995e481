package dev.machine.provisioning.cert;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The store's own certificate authority, in {@code certs/}: one CA for all machines of the store
 * (EC P-256, 10 years), the user's client certificate beside it, and whatever it issues for nodes
 * and endpoints (825 days, the longest that every client accepts). Certificates are valid from a
 * day ago, because a board's clock may be behind. The CA's key never leaves the folder.
 *
 * <p>The CA is never made twice: its folder appears whole, by one rename, and what is found in it
 * half is an error for its owner, because a new CA would lock them out of every node. Another CA
 * takes over by a {@link CaRotation}.
 */
public final class Authority {
    /**
     * What ends sooner than that is renewed by the next provision, and warned of: a month is time
     * enough for one to come by.
     */
    public static final Duration RENEW_BEFORE = Duration.ofDays(30);

    static final Duration CA_VALID = Duration.ofDays(3650);
    static final Duration BACKDATED = Duration.ofDays(1);
    static final Duration STORE_LOCK = Duration.ofSeconds(30);
    private static final Duration LEAF_VALID = Duration.ofDays(825);

    /** How the folder is called before it has its name; the rest is of chance. */
    private static final String HALF_MADE = ".certs.";

    private final Store store;
    private final Clock clock;
    private final CaFolder ca;

    public Authority(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.ca = new CaFolder(store.certs());
    }

    /**
     * Makes CA and client certificate where they are missing, and a new client certificate where
     * the old one is not right any more.
     *
     * @throws MachineException if half of a pair is missing or the halves do not belong together;
     *     nothing is changed then
     */
    public void ensure() {
        if (isReady()) {
            return;
        }
        try (var lock = store.lockStore(STORE_LOCK)) {
            if (isReady()) {
                return;
            }
            if (Stream.of(
                            CertificateFiles.CA,
                            CertificateFiles.CA_KEY,
                            CertificateFiles.USER,
                            CertificateFiles.USER_KEY)
                    .map(this::file)
                    .noneMatch(Files::exists)) {
                found();
            } else {
                issueClient();
            }
        }
    }

    /**
     * Looks whether {@link #ensure} could do its work; writes nothing.
     *
     * @throws MachineException exit code 3 if a CA is there that cannot be used, or the folder is
     *     somebody else's
     */
    public void check() {
        try {
            if (Files.exists(file(CertificateFiles.CA))
                    || Files.exists(file(CertificateFiles.CA_KEY))) {
                isReady();
                ca.signer(clock.instant());
            } else {
                refuseHalf(CertificateFiles.USER, CertificateFiles.CA);
                refuseHalf(CertificateFiles.USER_KEY, CertificateFiles.CA);
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
                        "%s holds %s, but no CA of machine's"
                                .formatted(store.certs(), String.join(", ", names)));
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read " + store.certs() + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Gives the user a new certificate and key, even where the old one is right. */
    public void renewClientCertificate() {
        ensure();
        try (var lock = store.lockStore(STORE_LOCK)) {
            issueClient();
        }
    }

    private void issueClient() {
        KeyPurposeId client = KeyPurposeId.id_kp_clientAuth;
        issue(
                store.certs(),
                CertificateFiles.USER,
                CertificateFiles.USER_KEY,
                "user",
                client,
                List.of());
    }

    /**
     * The CA's certificate in PEM, both while one takes over from another; empty before the first
     * {@link #ensure}.
     */
    public Optional<String> caCertificate() {
        return read(file(CertificateFiles.CA));
    }

    /**
     * Issues a certificate with which an engine proves its names and addresses; it opens no other
     * engine.
     */
    public CertificatePair serverCertificate(String name, List<String> alternativeNames) {
        return leaf(name, KeyPurposeId.id_kp_serverAuth, alternativeNames);
    }

    /**
     * Whether a server's certificate need not be issued again: our CA's, all names in it, not about
     * to expire.
     */
    public boolean stillRight(String pem, Collection<String> alternativeNames) {
        return Files.exists(file(CertificateFiles.CA))
                && CertificateCheck.parse(pem)
                        .filter(it -> isRight(it, KeyPurposeId.id_kp_serverAuth, alternativeNames))
                        .isPresent();
    }

    /** The name that a certificate of ours was issued for; empty if another CA signed it. */
    public Optional<String> issuedFor(String pem) {
        return Files.exists(file(CertificateFiles.CA))
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
     * Puts {@code server.pem}, {@code client.pem} and their keys into an endpoint's folder, where
     * they are not right already.
     *
     * @return whether anything was written
     */
    public boolean endpointCertificates(
            String name, Path folder, Collection<String> alternativeNames) {
        return endpointCertificates(name, folder, alternativeNames, false);
    }

    /** The same, even where they are right. */
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
                                CertificateFiles.ENDPOINT_SERVER,
                                CertificateFiles.ENDPOINT_SERVER_KEY,
                                serves,
                                alternativeNames);
        if (server) {
            issue(
                    folder,
                    CertificateFiles.ENDPOINT_SERVER,
                    CertificateFiles.ENDPOINT_SERVER_KEY,
                    name,
                    serves,
                    alternativeNames);
        }
        KeyPurposeId asks = KeyPurposeId.id_kp_clientAuth;
        boolean client =
                anew
                        || !isRightPair(
                                folder,
                                CertificateFiles.ENDPOINT_CLIENT,
                                CertificateFiles.ENDPOINT_CLIENT_KEY,
                                asks,
                                List.of());
        if (client) {
            issue(
                    folder,
                    CertificateFiles.ENDPOINT_CLIENT,
                    CertificateFiles.ENDPOINT_CLIENT_KEY,
                    name,
                    asks,
                    List.of());
        }
        return server || client;
    }

    private boolean isReady() {
        if (!Files.exists(file(CertificateFiles.CA))
                && !Files.exists(file(CertificateFiles.CA_KEY))) {
            refuseHalf(CertificateFiles.USER, CertificateFiles.CA);
            refuseHalf(CertificateFiles.USER_KEY, CertificateFiles.CA);
            return false;
        }
        refuseHalf(CertificateFiles.CA, CertificateFiles.CA_KEY);
        refuseHalf(CertificateFiles.CA_KEY, CertificateFiles.CA);
        // A key alone is an attempt that was cut short: the key is written first.
        refuseHalf(CertificateFiles.USER, CertificateFiles.USER_KEY);
        return isRightPair(
                store.certs(),
                CertificateFiles.USER,
                CertificateFiles.USER_KEY,
                KeyPurposeId.id_kp_clientAuth,
                List.of());
    }

    private void refuseHalf(String present, String missing) {
        if (Files.exists(file(present)) && !Files.exists(file(missing))) {
            throw new MachineException(
                    file(missing) + " is missing beside " + present,
                    "put it back from a copy; to begin anew, move the folder "
                            + store.certs()
                            + " away and run machine provision for every node",
                    ExitCode.ERROR);
        }
    }

    /**
     * Makes everything under another name, so that it is there whole or not at all. The folder is
     * new, of our own and closed to others: in one that was there, somebody could read the key.
     */
    private void found() {
        sweepHalfMade();
        Path making = store.newFolder(HALF_MADE);
        Instant from = clock.instant().minus(BACKDATED);
        try {
            save(
                    making,
                    CertificateFiles.CA,
                    CertificateFiles.CA_KEY,
                    Issuer.authority("machine CA", from, from.plus(CA_VALID)));
            CertificatePair client =
                    Issuer.leaf(
                            new CaFolder(making).signer(from),
                            "user",
                            KeyPurposeId.id_kp_clientAuth,
                            List.of(),
                            from,
                            LEAF_VALID);
            save(making, CertificateFiles.USER, CertificateFiles.USER_KEY, client);
            Files.move(making, store.certs(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot make the folder " + store.certs() + ": " + AtomicFiles.reason(e), e);
        } finally {
            store.drop(making);
        }
    }

    /** What was being made when its process was killed; whatever else is there is not ours. */
    private void sweepHalfMade() {
        Set<String> ours =
                Set.of(
                        CertificateFiles.CA,
                        CertificateFiles.CA_KEY,
                        CertificateFiles.USER,
                        CertificateFiles.USER_KEY);
        if (!Files.isDirectory(store.base())) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(store.base(), HALF_MADE + "*")) {
            for (Path folder : left) {
                if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                try (Stream<Path> files = Files.list(folder)) {
                    if (files.map(it -> it.getFileName().toString())
                            .allMatch(it -> ours.contains(it) || it.startsWith("."))) {
                        store.drop(folder);
                    }
                }
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot look at " + store.base() + ": " + AtomicFiles.reason(e), e);
        }
    }

    private void issue(
            Path folder,
            String certificate,
            String key,
            String name,
            KeyPurposeId purpose,
            Collection<String> names) {
        save(folder, certificate, key, leaf(name, purpose, List.copyOf(names)));
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

    private static void save(Path folder, String certificate, String key, CertificatePair pair) {
        AtomicFiles.privateDirectory(folder);
        AtomicFiles.write(folder.resolve(key), pair.key(), AtomicFiles.PRIVATE);
        AtomicFiles.write(folder.resolve(certificate), pair.certificate(), AtomicFiles.PUBLIC);
    }

    private static Optional<String> read(Path file) {
        return Files.exists(file) ? Optional.of(AtomicFiles.text(file)) : Optional.empty();
    }
}
