package dev.machine.provisioning.ssh;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;
import org.jspecify.annotations.Nullable;

/**
 * The two halves of a login with a public key or a certificate (RFC 4252, section 7) one by one,
 * which sshj does at one go: a question whether the key would do, and the login with a signature.
 * So a person is asked for a passphrase, and an agent for a signature, only for a key that the node
 * takes.
 */
final class PublicKeyMethod extends AbstractAuthMethod {
    private final KeyBlob key;
    private final @Nullable Signer signer;
    private boolean wouldDo;

    /** Makes a signature in SSH's wire form: its algorithm's name and its bytes. */
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

    /** Whether the node said so. */
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
            throw new UserAuthException(SshConnector.why(e), e);
        }
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException {
        wouldDo = message == Message.USERAUTH_60;
        throw new UserAuthException(wouldDo ? "the key would do" : "unexpected " + message);
    }
}
