package dev.machine.swarm.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many connections an endpoint keeps at once, over all its addresses.
 *
 * @param waiting those whose TLS handshake is not done
 * @param waitingOfOne the same, from one address
 * @param young those beside them that have just come and have said nothing yet
 * @param clients those that are let in
 * @param refused those that are told that there is no room, at once; further ones are closed
 */
public record ConnectionLimits(int waiting, int waitingOfOne, int young, int clients, int refused) {
    private static final int WAITING = 256;
    private static final int WAITING_OF_ONE = 128;

    /** A tenth of a second of ten thousand connections a second; one costs about 5 kB. */
    private static final int YOUNG = 1024;

    /** A client over TLS costs 77 kB when it is idle (measured), and a request some more. */
    private static final long BYTES_OF_ONE = 128 * 1024;

    /** A client and the connection to the engine that answers it. */
    private static final int FILES_OF_ONE = 2;

    private static final int FILES_OF_OURS = 512;
    private static final int FEWEST = 16;

    /** What this process has heap and file descriptors for. */
    public static ConnectionLimits ofThisProcess() {
        return of(Runtime.getRuntime().maxMemory(), openFiles());
    }

    /**
     * The limits for a size of heap and a number of file descriptors.
     *
     * @param heap in bytes
     */
    static ConnectionLimits of(long heap, long files) {
        long clients =
                Math.min(
                        heap / BYTES_OF_ONE,
                        (files - FILES_OF_OURS - WAITING - YOUNG) / FILES_OF_ONE);
        int room = Math.clamp(clients, FEWEST, 100_000);
        return new ConnectionLimits(
                WAITING, WAITING_OF_ONE, YOUNG, room, Math.max(FEWEST, room / 32));
    }

    /** The soft limit of proc(5), which the JVM has raised as far as it may. */
    private static long openFiles() {
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII)) {
                if (line.startsWith("Max open files")) {
                    return Long.parseLong(
                            line.substring("Max open files".length()).strip().split(" ")[0]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // No /proc, or "unlimited": memory alone decides.
        }
        return Integer.MAX_VALUE;
    }
}
