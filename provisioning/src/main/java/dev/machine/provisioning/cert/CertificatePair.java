package dev.machine.provisioning.cert;

import dev.machine.common.AtomicFiles;
import java.nio.file.Path;

/**
 * A certificate and its private key, both PEM; the key is PKCS#8. Its string form does not show the
 * key.
 */
public record CertificatePair(String certificate, String key) {
    /** Writes both into a folder, the key first: a certificate without its key is of no use. */
    void save(Path folder, String certificateFile, String keyFile) {
        AtomicFiles.privateDirectory(folder);
        AtomicFiles.write(folder.resolve(keyFile), key, AtomicFiles.PRIVATE);
        AtomicFiles.write(folder.resolve(certificateFile), certificate, AtomicFiles.PUBLIC);
    }

    @Override
    public String toString() {
        return "CertificatePair[" + certificate.length() + " characters]";
    }
}
