package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.security.PrivateKey;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.signature.Signature;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.jspecify.annotations.Nullable;

/** An unlocked private key of this computer. */
record LocalKey(KeyBlob publicKey, PrivateKey privateKey) implements PublicKeyMethod.Signer {
    /**
     * Opens a key.
     *
     * @param passphrase is not cleared; null for a key without one
     * @throws IOException if the key is damaged or of an unknown kind, or the passphrase is wrong
     */
    static LocalKey open(KeyFile file, char @Nullable [] passphrase) throws IOException {
        try (SSHClient loader = new SSHClient(SshConnector.config())) {
            KeyProvider pair =
                    loader.loadKeys(
                            file.text(),
                            null,
                            passphrase == null
                                    ? null
                                    : PasswordUtils.createOneOff(passphrase.clone()));
            byte[] wire = new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData();
            return new LocalKey(KeyBlob.of(wire), pair.getPrivate());
        } catch (RuntimeException e) {
            throw new IOException("it is damaged or of a kind that is not supported", e);
        }
    }

    @Override
    public byte[] sign(String algorithm, byte[] data) throws IOException {
        Signature signature =
                Factory.Named.Util.create(KeyType.CertUtils.ALL_SIGNATURES, algorithm);
        if (signature == null) {
            throw new IOException("keys of the kind " + algorithm + " are not supported");
        }
        try {
            signature.initSign(privateKey);
            signature.update(data);
            return new Buffer.PlainBuffer()
                    .putString(algorithm)
                    .putBytes(signature.encode(signature.sign()))
                    .getCompactData();
        } catch (SSHRuntimeException e) {
            throw new IOException("it cannot sign", e);
        }
    }

    @Override
    public String toString() {
        return "LocalKey";
    }
}
