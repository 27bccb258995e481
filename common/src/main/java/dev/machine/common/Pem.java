package dev.machine.common;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads PEM files (RFC 7468) for Java's TLS. Keys are PKCS#8 ({@code BEGIN PRIVATE KEY}), EC or
 * RSA. Every error is a {@link MachineException} that names the file.
 */
public final class Pem {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

    /** Ends at the next attribute; the name of a machine has no comma. */
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+]*)");

    private Pem() {}

    /**
     * Returns a context that trusts the CAs of one file and shows one certificate, for clients and
     * servers. Make it once and use it for all engines, because sessions are resumed per context.
     */
    public static SSLContext context(Path ca, Path certificate, Path key) {
        try {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            int index = 0;
            for (X509Certificate trusted : certificates(ca)) {
                trust.setCertificateEntry("ca" + index++, trusted);
            }
            TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
            trustManagers.init(trust);

            OwnKey own = new OwnKey(privateKey(key), certificates(certificate));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new MachineException(
                    "cannot use " + certificate + " with " + key + ": " + e.getMessage(), e);
        }
    }

    /** Returns the certificates of a file in their order, at least one. */
    public static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(read(file)))) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new MachineException(file + " contains no certificate");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new MachineException(file + " is not a PEM certificate: " + e.getMessage(), e);
        }
    }

    /** Returns the private key of a file. */
    public static PrivateKey privateKey(Path file) {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        Matcher matcher = PRIVATE_KEY.matcher(text);
        if (!matcher.find()) {
            throw new MachineException(file + " contains no PKCS#8 private key" + otherForm(text));
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The key is of another algorithm, so the next one is tried.
            } catch (GeneralSecurityException e) {
                throw new MachineException("this Java has no " + algorithm + " keys", e);
            }
        }
        throw new MachineException(file + " is neither an EC nor an RSA key in PKCS#8");
    }

    private static String otherForm(String text) {
        if (text.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            return " but a PKCS#1 one, as docker-machine writes it";
        }
        return text.contains("PRIVATE KEY-----") ? " but one in another form" : "";
    }

    /** The common name of a certificate's subject (RFC 4514); empty if it has none. */
    public static Optional<String> commonName(X509Certificate certificate) {
        Matcher name = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        return name.find() ? Optional.of(name.group(1)) : Optional.empty();
    }

    private static byte[] read(Path file) {
        try {
            return AtomicFiles.read(file);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }
}
