package dev.machine.provisioning.cert;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Replaces the CA without downtime: first every engine and client trusts both CAs, then the new one
 * issues all certificates, then the old one is forgotten. The files say which part is next; each
 * part is one rename and may be repeated:
 *
 * <ul>
 *   <li>{@code ca.pem} holds one certificate: {@link Phase#SETTLED}
 *   <li>two, and the new one's key waits in {@code ca-next-key.pem}: {@link Phase#SPREADING}
 *   <li>two, and the new one's key is {@code ca-key.pem}: {@link Phase#OVERLAP}
 * </ul>
 */
public final class CaRotation {
    private final Store store;
    private final Clock clock;
    private final CaFolder files;

    public CaRotation(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.files = new CaFolder(store.certs());
    }

    /** The parts of a rotation. */
    public enum Phase {
        /** One CA. */
        SETTLED,
        /** The old CA issues; the new one must become known everywhere. */
        SPREADING,
        /** The new CA issues; certificates of the old one are still valid. */
        OVERLAP
    }

    /**
     * A CA that is trusted.
     *
     * @param role {@code CA} for the one that issues, {@code next CA} or {@code old CA} for the
     *     other
     */
    public record Trusted(String role, X509Certificate certificate) {}

    /**
     * How far a rotation is.
     *
     * @throws MachineException if there is no CA yet
     */
    public Phase phase() {
        if (files.trusted().size() == 1) {
            return Phase.SETTLED;
        }
        return Files.exists(nextKey()) ? Phase.SPREADING : Phase.OVERLAP;
    }

    /** All CAs that are trusted, the issuing one first. */
    public List<Trusted> trusted() {
        X509Certificate issuing = files.issuing();
        String other = phase() == Phase.SPREADING ? "next CA" : "old CA";
        return files.trusted().stream()
                .map(ca -> new Trusted(ca.equals(issuing) ? "CA" : other, ca))
                .sorted((a, b) -> a.role().length() - b.role().length())
                .toList();
    }

    /**
     * Makes the next CA and trusts it as well as the present one.
     *
     * @throws MachineException if the key of the present CA cannot be used: it may be the CA of
     *     another program, and its key would be lost. Then nothing is changed
     */
    public void begin() {
        try (var lock = store.lockStore(Authority.STORE_LOCK_TIMEOUT)) {
            if (phase() != Phase.SETTLED) {
                return;
            }
            files.requireKey();
            Instant now = clock.instant();
            CertificatePair next =
                    Issuer.authority(
                            "machine CA of " + LocalDate.ofInstant(now, ZoneOffset.UTC),
                            now.minus(Authority.BACKDATED),
                            now.plus(Authority.CA_VALID));
            String present = AtomicFiles.text(ca());
            // The key first: it has no effect without its certificate in ca.pem.
            AtomicFiles.write(nextKey(), next.key(), AtomicFiles.PRIVATE);
            AtomicFiles.write(ca(), present + next.certificate(), AtomicFiles.PUBLIC);
        }
    }

    /**
     * Makes the new CA issue and deletes the key of the old one. The next {@link Authority#ensure}
     * issues the user's certificate again.
     */
    public void switchOver() {
        try (var lock = store.lockStore(Authority.STORE_LOCK_TIMEOUT)) {
            if (phase() == Phase.SPREADING) {
                Files.move(
                        nextKey(),
                        store.certs().resolve(CertificateFiles.CA_KEY),
                        StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot put the new CA's key in its place: " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * Forgets the old CA: its certificates are not trusted here any more, nor by a node that gets
     * {@code ca.pem} from now on.
     */
    public void finish() {
        try (var lock = store.lockStore(Authority.STORE_LOCK_TIMEOUT)) {
            switch (phase()) {
                case SETTLED -> {}
                case SPREADING ->
                        throw new MachineException(
                                "the new CA is not known to every node yet",
                                "first: machine certs rotate-ca",
                                ExitCode.ERROR);
                case OVERLAP ->
                        AtomicFiles.write(ca(), Issuer.pem(files.issuing()), AtomicFiles.PUBLIC);
            }
        }
    }

    private Path ca() {
        return store.certs().resolve(CertificateFiles.CA);
    }

    private Path nextKey() {
        return store.certs().resolve(CertificateFiles.NEXT_CA_KEY);
    }
}
