package dev.machine.provisioning.ssh;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A user's certificate (PROTOCOL.certkeys of OpenSSH), read to explain why a node refused it,
 * because the node does not say.
 *
 * @param from the first second in which it is valid, as seconds since 1970; unsigned
 * @param until the first second in which it is no longer valid
 * @param users the login users that it is valid for; empty for all
 */
record UserCertificate(long from, long until, List<String> users) {
    private static final long USER = 1;

    /** Reads a certificate; empty if it is not a user's certificate or is damaged. */
    static Optional<UserCertificate> of(KeyBlob blob) {
        if (!blob.isCertificate()) {
            return Optional.empty();
        }
        try {
            Buffer.PlainBuffer in = new Buffer.PlainBuffer(blob.wire());
            String type = in.readString();
            in.readBytes();
            for (int fields = KeyBlob.fields(KeyBlob.signature(type)); fields > 0; fields--) {
                in.readBytes();
            }
            in.readUInt64AsBigInteger();
            if (in.readUInt32() != USER) {
                return Optional.empty();
            }
            in.readString();
            Buffer.PlainBuffer names = new Buffer.PlainBuffer(in.readBytes());
            List<String> users = new ArrayList<>();
            while (names.available() > 0) {
                users.add(names.readString());
            }
            return Optional.of(
                    new UserCertificate(
                            in.readUInt64AsBigInteger().longValue(),
                            in.readUInt64AsBigInteger().longValue(),
                            List.copyOf(users)));
        } catch (Buffer.BufferException e) {
            return Optional.empty();
        }
    }

    /** Why no node would accept it; empty if no reason is known here. */
    Optional<String> objection(String user, Instant now) {
        long second = now.getEpochSecond();
        if (Long.compareUnsigned(second, from) < 0) {
            return Optional.of("which is valid from " + Instant.ofEpochSecond(from));
        }
        if (Long.compareUnsigned(second, until) >= 0) {
            return Optional.of("which ended at " + Instant.ofEpochSecond(until));
        }
        return users.isEmpty() || users.contains(user)
                ? Optional.empty()
                : Optional.of("which is for " + String.join(", ", users));
    }
}
