package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * An ed25519 key pair for one machine in OpenSSH's own format, because sshj and ssh-keygen refuse
 * the PKCS#8 that Java would write.
 *
 * @param privateKey PEM, {@code BEGIN OPENSSH PRIVATE KEY}
 * @param authorizedKey one line for {@code authorized_keys}
 */
public record SshKeyPair(String privateKey, String authorizedKey) {
    /** Makes a new pair. */
    public static SshKeyPair generate(String comment) {
        Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
        generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(
                    new PemObject(
                            "OPENSSH PRIVATE KEY",
                            OpenSSHPrivateKeyUtil.encodePrivateKey(pair.getPrivate())));
            writer.flush();
            return new SshKeyPair(
                    text.toString(),
                    "ssh-ed25519 "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            OpenSSHPublicKeyUtil.encodePublicKey(pair.getPublic()))
                            + " "
                            + comment);
        } catch (IOException e) {
            throw new IllegalStateException("a string can be written to", e);
        }
    }

    /**
     * The pair in that file, with its public half beside it in a {@code .pub} file; a missing or
     * incomplete pair is made. Returns the public half, one line.
     */
    public static String kept(Path privateKey, String comment) {
        Path publicKey = privateKey.resolveSibling(privateKey.getFileName() + ".pub");
        if (!Files.exists(privateKey) || !Files.exists(publicKey)) {
            SshKeyPair pair = generate(comment);
            AtomicFiles.write(publicKey, pair.authorizedKey() + "\n", AtomicFiles.PRIVATE);
            AtomicFiles.write(privateKey, pair.privateKey(), AtomicFiles.PRIVATE);
        }
        return AtomicFiles.text(publicKey).strip();
    }

    @Override
    public String toString() {
        return authorizedKey;
    }
}
