package dev.machine.provisioning.cert;

import static dev.machine.provisioning.store.CertificateFiles.CA;
import static dev.machine.provisioning.store.CertificateFiles.CA_KEY;
import static dev.machine.provisioning.store.CertificateFiles.USER;
import static dev.machine.provisioning.store.CertificateFiles.USER_KEY;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Makes the folder of a store's first CA, with the user's certificate in it. */
final class CaFounding {
    /** The prefix of the folder's name while it is being made. */
    private static final String UNFINISHED_PREFIX = ".certs.";

    private static final Set<String> FILES = Set.of(CA, CA_KEY, USER, USER_KEY);

    private final Store store;
    private final Clock clock;

    CaFounding(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Makes the folder under another name and renames it, so that it is whole or absent. The folder
     * is a new one that others cannot enter: in an existing folder somebody could read the key.
     */
    void found() {
        deleteUnfinished();
        Path making = store.newFolder(UNFINISHED_PREFIX);
        Instant from = clock.instant().minus(Authority.BACKDATED);
        try {
            Issuer.authority("machine CA", from, from.plus(Authority.CA_VALID))
                    .save(making, CA, CA_KEY);
            Issuer.leaf(
                            new CaFolder(making).signer(from),
                            "user",
                            KeyPurposeId.id_kp_clientAuth,
                            List.of(),
                            from,
                            Authority.LEAF_VALID)
                    .save(making, USER, USER_KEY);
            Files.move(making, store.certs(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot make the folder " + store.certs() + ": " + AtomicFiles.reason(e), e);
        } finally {
            store.drop(making);
        }
    }

    /** Deletes the folders of processes that were killed here; folders of others stay. */
    private void deleteUnfinished() {
        if (!Files.isDirectory(store.base())) {
            return;
        }
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(store.base(), UNFINISHED_PREFIX + "*")) {
            for (Path folder : left) {
                if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                try (Stream<Path> files = Files.list(folder)) {
                    if (files.map(it -> it.getFileName().toString())
                            .allMatch(it -> FILES.contains(it) || it.startsWith("."))) {
                        store.drop(folder);
                    }
                }
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot look at " + store.base() + ": " + AtomicFiles.reason(e), e);
        }
    }
}
