package dev.machine.provisioning.cert;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.store.CertificateFiles;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The files of a CA: the trusted certificates and the key of the one that issues. There are two
 * certificates only during a rotation.
 */
record CaFolder(Path folder) {
    List<X509Certificate> trusted() {
        return Pem.certificates(folder.resolve(CertificateFiles.CA));
    }

    /** The certificate of the CA that issues. */
    X509Certificate issuing() {
        List<X509Certificate> trusted = trusted();
        return trusted.size() == 1 ? trusted.getFirst() : ofKey(trusted, key());
    }

    /**
     * The CA that signs.
     *
     * @throws MachineException if no certificate belongs to the key, or it has expired
     */
    Issuer.Signer signer(Instant now) {
        PrivateKey key = key();
        X509Certificate ca = ofKey(trusted(), key);
        if (!ca.getNotAfter().toInstant().isAfter(now)) {
            throw new MachineException(
                    "the CA "
                            + folder.resolve(CertificateFiles.CA)
                            + " expired on "
                            + ca.getNotAfter().toInstant(),
                    "move the folder away and run machine provision for every node",
                    ExitCode.ERROR);
        }
        return new Issuer.Signer(ca, key);
    }

    /** Refuses a CA whose key is missing, in another format, or not the key of a certificate. */
    void requireKey() {
        ofKey(trusted(), key());
    }

    private X509Certificate ofKey(List<X509Certificate> trusted, PrivateKey key) {
        return trusted.stream()
                .filter(ca -> CertificateCheck.belongsTo(key, ca))
                .findFirst()
                .orElseThrow(
                        () ->
                                new MachineException(
                                        folder.resolve(CertificateFiles.CA_KEY)
                                                + " is not the key of "
                                                + CertificateFiles.CA,
                                        "restore both files from one backup",
                                        ExitCode.ERROR));
    }

    private PrivateKey key() {
        return Pem.privateKey(folder.resolve(CertificateFiles.CA_KEY));
    }
}
