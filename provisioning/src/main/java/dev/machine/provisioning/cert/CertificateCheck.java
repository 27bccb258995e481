package dev.machine.provisioning.cert;

import dev.machine.driver.Addresses;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Whether a certificate still does what it is for; all that does not hold means a new one. */
final class CertificateCheck {
    private CertificateCheck() {}

    /** The first certificate of a PEM text; empty if there is none in it. */
    static Optional<X509Certificate> parse(String pem) {
        try {
            return Optional.of(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(
                                                    pem.getBytes(StandardCharsets.UTF_8))));
        } catch (CertificateException e) {
            // Not a certificate: a new one is due, which is what the caller asks.
            return Optional.empty();
        }
    }

    /** Whether a CA signed it, for one purpose and all these names, and it is not about to end. */
    static boolean isRight(
            X509Certificate certificate,
            X509Certificate ca,
            KeyPurposeId purpose,
            Collection<String> names,
            Instant now) {
        try {
            return isSignedBy(certificate, ca)
                    && List.of(purpose.getId()).equals(certificate.getExtendedKeyUsage())
                    && names(certificate).containsAll(names.stream().map(it -> plain(it)).toList())
                    && !certificate.getNotBefore().toInstant().isAfter(now)
                    && certificate
                            .getNotAfter()
                            .toInstant()
                            .isAfter(now.plus(Authority.RENEW_BEFORE));
        } catch (CertificateException e) {
            // Our certificates have no extension that cannot be read.
            return false;
        }
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate ca) {
        try {
            certificate.verify(ca.getPublicKey());
            return certificate.getIssuerX500Principal().equals(ca.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            // Java reports a wrong signature by an exception.
            return false;
        }
    }

    /** Whether a key belongs to a certificate, checked by a signature. */
    static boolean belongsTo(PrivateKey key, X509Certificate certificate) {
        byte[] something = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(something);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(something);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another kind does not belong to it.
            return false;
        }
    }

    /**
     * A name in the form in which names are compared: addresses in one spelling ({@code fd00::1} is
     * {@code fd00:0:0:0:0:0:0:1} in a certificate that Java has read), host names in small letters
     * (RFC 9525, section 6.3).
     */
    private static String plain(String name) {
        return Addresses.isIp(name)
                ? InetAddress.ofLiteral(name).getHostAddress()
                : name.toLowerCase(Locale.ROOT);
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(name -> names.add(plain(String.valueOf(name.get(1)))));
        }
        return names;
    }
}
