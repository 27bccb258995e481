package dev.machine.ssh;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.digest.Digest;
import net.schmizz.sshj.transport.kex.KeyExchange;

/**
 * A key exchange that a hostile host cannot end with an error of our own. sshj makes an array as
 * long as the host says its key is, up to 2 GB, before the host has proved anything; the error
 * would end the thread that reads, with a trace on the terminal.
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
            return real.next(message, packet);
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new TransportException(
                    DisconnectReason.KEY_EXCHANGE_FAILED, "its host key is damaged", e);
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
