package dev.machine.provisioning.ssh;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * What a user's certificate says of itself (PROTOCOL.certkeys of OpenSSH): enough to tell a person
 * why a node refused it, which the node does not say.
 *
 * @param from the first second in which it counts, as seconds since 1970; unsigned
 * @param until the first second in which it does not
 * @param users as whom one may log in with it; empty means as anybody
 */
record UserCertificate(long from, long until, List<String> users) {
    private static final long USER = 1;

    /** Reads a certificate; empty if it is none, or not a user's, or damaged. */
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

    /** Why no node would take it; empty if that is not seen from here. */
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
