package dev.machine.provisioning.cert;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Addresses;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Makes X.509 certificates (RFC 5280) with EC P-256 keys. Java's own provider signs; BouncyCastle
 * only encodes.
 */
final class Issuer {
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * The host names that a certificate can have (RFC 5280, section 4.2.1.6: IA5), with wildcards.
     */
    private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9*._-]{1,253}");

    private Issuer() {}

    /** A certificate authority: its certificate and its key. */
    record Signer(X509Certificate certificate, PrivateKey key) {}

    static CertificatePair authority(String name, Instant from, Instant until) {
        KeyPair keys = keys();
        X500Name subject = name(name);
        return issue(
                keys,
                new JcaX509v3CertificateBuilder(
                        subject,
                        serial(),
                        Date.from(from),
                        Date.from(until),
                        subject,
                        keys.getPublic()),
                keys.getPrivate(),
                builder -> {
                    builder.addExtension(
                            Extension.basicConstraints, true, new BasicConstraints(true));
                    builder.addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                    builder.addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createSubjectKeyIdentifier(keys.getPublic()));
                });
    }

    /**
     * A certificate for one purpose. A server's certificate never has clientAuth, because it must
     * not give access to engines.
     */
    static CertificatePair leaf(
            Signer signer,
            String name,
            KeyPurposeId purpose,
            List<String> alternativeNames,
            Instant from,
            Duration valid) {
        KeyPair keys = keys();
        return issue(
                keys,
                new JcaX509v3CertificateBuilder(
                        signer.certificate(),
                        serial(),
                        Date.from(from),
                        Date.from(from.plus(valid)),
                        name(name),
                        keys.getPublic()),
                signer.key(),
                builder -> {
                    builder.addExtension(
                            Extension.basicConstraints, true, new BasicConstraints(false));
                    builder.addExtension(
                            Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                    builder.addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                    builder.addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createAuthorityKeyIdentifier(signer.certificate()));
                    if (!alternativeNames.isEmpty()) {
                        builder.addExtension(
                                Extension.subjectAlternativeName, false, names(alternativeNames));
                    }
                });
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder)
                throws CertIOException, GeneralSecurityException;
    }

    private static CertificatePair issue(
            KeyPair keys,
            X509v3CertificateBuilder builder,
            PrivateKey signingKey,
            Extensions extensions) {
        try {
            extensions.addTo(builder);
            X509Certificate certificate =
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    builder.build(
                                            new JcaContentSignerBuilder("SHA256withECDSA")
                                                    .build(signingKey)));
            return new CertificatePair(
                    pem(certificate), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
            throw new MachineException("cannot issue a certificate: " + e.getMessage(), e);
        }
    }

    private static GeneralNames names(List<String> alternativeNames) {
        return new GeneralNames(
                alternativeNames.stream().map(Issuer::generalName).toArray(GeneralName[]::new));
    }

    private static GeneralName generalName(String name) {
        if (Addresses.isIp(name)) {
            return new GeneralName(GeneralName.iPAddress, name);
        }
        if (!HOST_NAME.matcher(name).matches()) {
            throw new MachineException(
                    "\"" + name + "\" cannot be a name in a certificate",
                    "--tls-san takes addresses and host names",
                    ExitCode.USAGE);
        }
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "machine")
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static BigInteger serial() {
        return new BigInteger(127, RANDOM).add(BigInteger.ONE);
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    /** A certificate in PEM. */
    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was read from an encoding", e);
        }
    }

    private static String pem(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException("a string can be written to", e);
        }
        return text.toString();
    }
}
