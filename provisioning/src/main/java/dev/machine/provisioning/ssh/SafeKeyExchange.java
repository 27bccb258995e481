package dev.machine.provisioning.ssh;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.digest.Digest;
import net.schmizz.sshj.transport.kex.KeyExchange;

/**
 * A key exchange that protects against a hostile host. sshj allocates an array as long as the host
 * claims its key to be, up to 2 GB, before the host has proved anything; the resulting error would
 * end the reading thread with a stack trace on the terminal. So a key with a wrong length is
 * refused first.
 */
record SafeKeyExchange(KeyExchange real) implements KeyExchange {
    record Named(Factory.Named<KeyExchange> real) implements Factory.Named<KeyExchange> {
        @Override
        public KeyExchange create() {
            return new SafeKeyExchange(real.create());
        }

        @Override
        public String getName() {
            return real.getName();
        }
    }

    @Override
    public void init(Transport transport, String serverId, String clientId, byte[] is, byte[] ic)
            throws GeneralSecurityException, TransportException {
        real.init(transport, serverId, clientId, is, ic);
    }

    @Override
    public boolean next(Message message, SSHPacket packet)
            throws GeneralSecurityException, TransportException {
        try {
            if (claimsTooMuch(new SSHPacket(packet))) {
                throw new TransportException(
                        DisconnectReason.KEY_EXCHANGE_FAILED,
                        "its host key claims to be longer than it is");
            }
            return real.next(message, packet);
        } catch (RuntimeException | Error e) {
            throw new TransportException(
                    DisconnectReason.KEY_EXCHANGE_FAILED,
                    "its part of the key exchange is damaged",
                    e);
        }
    }

    /**
     * Whether a length inside the host key is longer than the rest of it. The key is the first part
     * of each reply (RFC 4253, section 8; RFC 4419, section 3; RFC 5656, section 4) and consists of
     * its kind and parts with a length each; a certificate has other fields after some parts.
     */
    private static boolean claimsTooMuch(SSHPacket reply) {
        try {
            Buffer.PlainBuffer key = new Buffer.PlainBuffer(reply.readBytes());
            String kind = key.readString();
            int parts = kind.startsWith("ssh-ed25519-cert-") ? 2 : 3;
            for (int i = 0; i < parts && key.available() >= Integer.BYTES; i++) {
                long length = key.readUInt32();
                if (length > key.available()) {
                    return true;
                }
                key.rpos(key.rpos() + (int) length);
            }
            return false;
        } catch (Buffer.BufferException e) {
            // Not a reply, or a reply that sshj refuses.
            return false;
        }
    }

    @Override
    public byte[] getH() {
        return real.getH();
    }

    @Override
    public BigInteger getK() {
        return real.getK();
    }

    @Override
    public Digest getHash() {
        return real.getHash();
    }

    @Override
    public PublicKey getHostKey() {
        return real.getHostKey();
    }
}
