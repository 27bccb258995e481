package dev.machine.provisioning.cert;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is wrong with a certificate, in words. Names and uses are not checked.
 *
 * @param words the end of a sentence that begins with "the certificate"
 * @param soon whether it is still valid, but expires soon
 */
public record CertificateFault(String words, boolean soon) {
    private static final String END_LINE = "-----END_LINE CERTIFICATE-----";

    /**
     * Checks the first certificate of a PEM text.
     *
     * @param trusted the CAs in PEM, two during a rotation
     */
    public static Optional<CertificateFault> of(String pem, String trusted, Instant now) {
        Optional<X509Certificate> certificate = CertificateCheck.parse(pem);
        if (certificate.isEmpty()) {
            return fault("is not a certificate");
        }
        Instant begin = certificate.get().getNotBefore().toInstant();
        Instant end = certificate.get().getNotAfter().toInstant();
        if (!end.isAfter(now)) {
            return fault("expired at " + end);
        }
        if (begin.isAfter(now)) {
            return fault("is not valid before " + begin);
        }
        if (Arrays.stream(trusted.split(END_LINE))
                .flatMap(ca -> CertificateCheck.parse(ca + END_LINE).stream())
                .noneMatch(ca -> CertificateCheck.isSignedBy(certificate.get(), ca))) {
            return fault("was issued by another CA: " + certificate.get().getIssuerX500Principal());
        }
        Duration left = Duration.between(now, end);
        return left.compareTo(Authority.RENEW_BEFORE) < 0
                ? Optional.of(new CertificateFault("ends in " + left.toDays() + " days", true))
                : Optional.empty();
    }

    private static Optional<CertificateFault> fault(String words) {
        return Optional.of(new CertificateFault(words, false));
    }
}
