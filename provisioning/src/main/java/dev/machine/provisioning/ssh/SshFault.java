package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.Printable;
import java.io.IOException;
import net.schmizz.sshj.common.Buffer;

/** Puts what sshj says of a failed connection into words that a user understands. */
final class SshFault {
    /** The beginning of sshj's message when two lists of algorithms have nothing in common. */
    private static final String NOTHING_IN_COMMON = "Unable to reach a settlement of ";

    private SshFault() {}

    /** An error of sshj that means that the peer breaks the protocol. */
    static IOException notUnderstood(Exception e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new IOException("what it said was not understood: " + reason, e);
    }

    static IOException inWords(IOException e) {
        if (e.getCause() instanceof Buffer.BufferException
                || e.getCause() instanceof RuntimeException) {
            return notUnderstood(e);
        }
        String said = e.getMessage() == null ? "" : e.getMessage();
        int offers = said.lastIndexOf("] and [");
        if (said.startsWith(NOTHING_IN_COMMON) && offers > 0) {
            String kind = said.substring(NOTHING_IN_COMMON.length(), said.indexOf(':'));
            return new IOException(
                    "it has no %s that machine has, only %s"
                            .formatted(kind, said.substring(offers + "] and ".length())),
                    e);
        }
        return e;
    }

    /** The reason, shortened, because a peer may send long texts. */
    static String why(IOException e) {
        return Printable.brief(AtomicFiles.reason(e));
    }
}
