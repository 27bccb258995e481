package dev.machine.swarm.testing;

import dev.machine.common.Pem;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA in a folder with one certificate for 127.0.0.1 that serves server and client, in PEM files.
 */
public final class TestPki {
    private final Path folder;

    public TestPki(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            KeyPair ca = keys();
            KeyPair own = keys();
            write("ca.pem", "CERTIFICATE", certificate(ca, ca, "CN=ca", true).getEncoded());
            write("cert.pem", "CERTIFICATE", certificate(ca, own, "CN=own", false).getEncoded());
            write("key.pem", "PRIVATE KEY", own.getPrivate().getEncoded());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public Path ca() {
        return folder.resolve("ca.pem");
    }

    public Path cert() {
        return folder.resolve("cert.pem");
    }

    public Path key() {
        return folder.resolve("key.pem");
    }

    public SSLContext context() {
        return Pem.context(ca(), cert(), key());
    }

    /** Always the same one, for those who ask again because files may be replaced. */
    public Supplier<SSLContext> contexts() {
        SSLContext one = context();
        return () -> one;
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509CertificateHolder certificate(
            KeyPair ca, KeyPair subject, String name, boolean isCa) throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        new X500Name("CN=ca"),
                        BigInteger.valueOf(isCa ? 1 : 2),
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        new X500Name(name),
                        subject.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
        if (!isCa) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(ca.getPrivate()));
    }

    private void write(String file, String type, byte[] der) throws Exception {
        String text =
                "-----BEGIN "
                        + type
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END "
                        + type
                        + "-----\n";
        Files.writeString(folder.resolve(file), text);
    }
}
