package dev.machine.provisioning.cert;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is wrong with a certificate, for a person. Its names and uses are not looked at.
 *
 * @param words behind "the certificate …"
 * @param soon it still does what it is for, but not much longer
 */
public record CertificateFault(String words, boolean soon) {
    private static final String END = "-----END CERTIFICATE-----";

    /**
     * Looks at the first certificate of a PEM text.
     *
     * @param trusted the CAs in PEM, two while one takes over from the other
     */
    public static Optional<CertificateFault> of(String pem, String trusted, Instant now) {
        Optional<X509Certificate> certificate = CertificateCheck.parse(pem);
        if (certificate.isEmpty()) {
            return fault("is none");
        }
        Instant begin = certificate.get().getNotBefore().toInstant();
        Instant end = certificate.get().getNotAfter().toInstant();
        if (!end.isAfter(now)) {
            return fault("ended at " + end);
        }
        if (begin.isAfter(now)) {
            return fault("is not valid before " + begin);
        }
        if (Arrays.stream(trusted.split(END))
                .flatMap(ca -> CertificateCheck.parse(ca + END).stream())
                .noneMatch(ca -> CertificateCheck.isSignedBy(certificate.get(), ca))) {
            return fault("is of another CA: " + certificate.get().getIssuerX500Principal());
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
