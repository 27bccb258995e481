package dev.machine.provisioning.cert;

/**
 * A certificate and its private key, both PEM; the key is PKCS#8. Its string form does not show the
 * key.
 */
public record CertificatePair(String certificate, String key) {
    @Override
    public String toString() {
        return "CertificatePair[" + certificate.length() + " characters]";
    }
}
