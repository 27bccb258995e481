package dev.machine.provisioning.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.signature.Signature;

/**
 * A host certificate: the host's key, signed by an authority for a time and for some names
 * (PROTOCOL.certkeys of OpenSSH).
 */
record HostCertificate(Certificate<?> certificate) {
    private static final long HOST = 2;

    /** The signature algorithms for certificates of hosts. */
    static final List<String> ALGORITHMS =
            List.of(
                    "ssh-ed25519-cert-v01@openssh.com",
                    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
                    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
                    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
                    "rsa-sha2-512-cert-v01@openssh.com",
                    "rsa-sha2-256-cert-v01@openssh.com");

    /** Like ssh, we do not trust authorities that sign with these (CASignatureAlgorithms). */
    private static final List<String> SHA_1 = List.of("ssh-rsa", "ssh-dss");

    static Optional<HostCertificate> of(PublicKey shown) {
        return shown instanceof Certificate<?> certificate
                ? Optional.of(new HostCertificate(certificate))
                : Optional.empty();
    }

    /** The key in a certificate, or the key itself. */
    static PublicKey inside(PublicKey shown) {
        return shown instanceof Certificate<?> certificate ? certificate.getKey() : shown;
    }

    /** The key of the authority that signed it. */
    Optional<HostKey> authority() {
        return HostKey.parse(Base64.getEncoder().encodeToString(certificate.getSignatureKey()));
    }

    /**
     * Why the certificate is not valid for a host, apart from its authority; empty if it is valid.
     */
    Optional<String> objection(String host, Instant now) {
        if (certificate.getType() != HOST) {
            return Optional.of("it is a user's certificate");
        }
        if (now.isBefore(certificate.getValidAfter().toInstant())) {
            return Optional.of("it is valid from " + certificate.getValidAfter().toInstant());
        }
        if (!now.isBefore(certificate.getValidBefore().toInstant())) {
            return Optional.of("it ended at " + certificate.getValidBefore().toInstant());
        }
        List<String> names = certificate.getValidPrincipals();
        // As in ssh, a name in a certificate is not a pattern.
        if (!names.isEmpty() && !names.contains(host.toLowerCase(Locale.ROOT))) {
            return Optional.of("it is for " + String.join(", ", names));
        }
        if (!certificate.getCritOptions().isEmpty()) {
            return Optional.of("it has conditions that nobody here knows");
        }
        return signed() ? Optional.empty() : Optional.of("its signature is wrong");
    }

    private boolean signed() {
        try {
            byte[] whole = new Buffer.PlainBuffer().putPublicKey(certificate).getCompactData();
            byte[] signature = certificate.getSignature();
            Signature check =
                    Factory.Named.Util.create(
                            KeyType.CertUtils.ALL_SIGNATURES,
                            new Buffer.PlainBuffer(signature).readString());
            if (check == null || SHA_1.contains(check.getSignatureName())) {
                return false;
            }
            check.initVerify(new Buffer.PlainBuffer(certificate.getSignatureKey()).readPublicKey());
            check.update(whole, 0, whole.length - signature.length - Integer.BYTES);
            return check.verify(signature);
        } catch (Buffer.BufferException | SSHRuntimeException e) {
            // It is damaged, or of an unknown kind.
            return false;
        }
    }
}
