package dev.machine.provisioning.ssh;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;
import org.jspecify.annotations.Nullable;

/**
 * A login with a public key or a certificate (RFC 4252, section 7) in its two parts: first the
 * question whether the node would accept the key, then the signature. sshj does both at once. So
 * the user is asked for a passphrase, and an agent for a signature, only for a key that the node
 * accepts.
 */
final class PublicKeyMethod extends AbstractAuthMethod {
    private final KeyBlob key;
    private final @Nullable Signer signer;
    private boolean wouldDo;

    /** Makes a signature in SSH's wire format: its algorithm's name and its bytes. */
    @FunctionalInterface
    interface Signer {
        /** Signs; the algorithm is, for example, {@code rsa-sha2-512}. */
        byte[] sign(String algorithm, byte[] data) throws IOException;
    }

    private PublicKeyMethod(KeyBlob key, @Nullable Signer signer) {
        super("publickey");
        this.key = key;
        this.signer = signer;
    }

    static PublicKeyMethod question(KeyBlob key) {
        return new PublicKeyMethod(key, null);
    }

    static PublicKeyMethod login(KeyBlob key, Signer signer) {
        return new PublicKeyMethod(key, signer);
    }

    /** Whether the node would accept the key. */
    boolean wouldDo() {
        return wouldDo;
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        try {
            SSHPacket request = super.buildReq();
            String algorithm = key.algorithm(params.getTransport().getServerVersion());
            request.putBoolean(signer != null).putString(algorithm).putBytes(key.wire());
            if (signer != null) {
                byte[] signed =
                        new Buffer.PlainBuffer()
                                .putString(params.getTransport().getSessionID())
                                .putBuffer(request)
                                .getCompactData();
                request.putBytes(signer.sign(KeyBlob.signature(algorithm), signed));
            }
            return request;
        } catch (UserAuthException e) {
            throw e;
        } catch (IOException e) {
            throw new UserAuthException(SshFault.why(e), e);
        }
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException {
        wouldDo = message == Message.USERAUTH_60;
        throw new UserAuthException(wouldDo ? "the key would do" : "unexpected " + message);
    }
}
