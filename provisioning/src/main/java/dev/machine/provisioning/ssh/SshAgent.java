package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.common.SocketThreads;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.Buffer;

/**
 * A client of ssh-agent (draft-ietf-sshm-ssh-agent, sections 3.5 and 3.6): it lists keys and asks
 * for signatures. sshj has no such client. Every request uses its own connection and has a
 * deadline, because a forwarded agent, or one that asks its user, may never answer; after one
 * time-out the agent is not asked again.
 */
final class SshAgent {
    private static final int REQUEST_IDENTITIES = 11;
    private static final int IDENTITIES = 12;
    private static final int SIGN = 13;
    private static final int SIGNATURE = 14;
    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(3);

    /** The user may have to touch a key or confirm. */
    private static final Duration SIGN_TIMEOUT = Duration.ofSeconds(30);

    private final Path socket;
    private volatile boolean silent;

    SshAgent(Path socket) {
        this.socket = socket;
    }

    /** A key in the agent, with its comment. */
    record Identity(KeyBlob key, String comment) {}

    List<Identity> identities() throws IOException {
        Buffer.PlainBuffer answer =
                ask(new Buffer.PlainBuffer().putByte((byte) REQUEST_IDENTITIES), LIST_TIMEOUT);
        expect(answer, IDENTITIES, "list its keys");
        List<Identity> found = new ArrayList<>();
        for (long left = answer.readUInt32(); left > 0; left--) {
            found.add(new Identity(KeyBlob.of(answer.readBytes()), answer.readString()));
        }
        return found;
    }

    /**
     * The signature in SSH's wire form: its algorithm's name and its bytes.
     *
     * @param algorithm as {@code rsa-sha2-512}; only RSA keys have a choice
     */
    byte[] sign(KeyBlob key, String algorithm, byte[] data) throws IOException {
        Buffer.PlainBuffer question = new Buffer.PlainBuffer().putByte((byte) SIGN);
        question.putBytes(key.wire()).putBytes(data);
        question.putUInt32(
                switch (algorithm) {
                    case "rsa-sha2-512" -> RSA_SHA2_512;
                    case "rsa-sha2-256" -> RSA_SHA2_256;
                    default -> 0;
                });
        Buffer.PlainBuffer answer = ask(question, SIGN_TIMEOUT);
        expect(answer, SIGNATURE, "sign");
        return answer.readBytes();
    }

    private static void expect(Buffer.PlainBuffer answer, int type, String what)
            throws IOException {
        if (answer.readByte() != type) {
            throw new IOException("it refused to " + what);
        }
    }

    private Buffer.PlainBuffer ask(Buffer.PlainBuffer question, Duration deadline)
            throws IOException {
        if (silent) {
            throw new IOException("it has not answered before");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            FutureTask<byte[]> exchange =
                    new FutureTask<>(() -> exchange(channel, question.getCompactData()));
            SocketThreads.factory().newThread(exchange).start();
            return new Buffer.PlainBuffer(exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            silent = true;
            throw new IOException("no answer within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(why(e), e);
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        }
    }

    private static String why(ExecutionException e) {
        return e.getCause() instanceof IOException cause
                ? AtomicFiles.reason(cause)
                : String.valueOf(e.getCause());
    }

    private byte[] exchange(SocketChannel channel, byte[] question) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(socket));
        ByteBuffer out = ByteBuffer.allocate(4 + question.length).putInt(question.length);
        out.put(question).flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int length = read(channel, 4).getInt();
        if (length < 1 || length > MAX_ANSWER_BYTES) {
            throw new IOException("what it said is no answer of an ssh-agent");
        }
        return read(channel, length).array();
    }

    private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("it hung up");
            }
        }
        return in.flip();
    }
}
