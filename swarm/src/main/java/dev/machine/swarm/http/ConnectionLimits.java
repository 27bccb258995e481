package dev.machine.swarm.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many connections an endpoint keeps at the same time, over all its addresses.
 *
 * @param waiting connections whose TLS handshake is not done
 * @param waitingOfOne the same from one address
 * @param young further connections that have just come and have sent nothing yet
 * @param clients clients that are served
 * @param refused clients that are being told that there is no room; further ones are closed
 */
public record ConnectionLimits(int waiting, int waitingOfOne, int young, int clients, int refused) {
    private static final int WAITING = 256;
    private static final int WAITING_OF_ONE = 128;

    /**
     * Enough for ten thousand new connections a second, each for a tenth of a second; one costs
     * about 5 kB.
     */
    private static final int YOUNG = 1024;

    /** A client over TLS costs 77 kB when it is idle (measured), and a request some more. */
    private static final long HEAP_PER_CLIENT = 128 * 1024;

    /** One for the client, one for the connection to its engine. */
    private static final int FILES_PER_CLIENT = 2;

    private static final int OTHER_FILES = 512;
    private static final int MIN_CLIENTS = 16;

    /** The limits for the heap and the file descriptors of this process. */
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
                        heap / HEAP_PER_CLIENT,
                        (files - OTHER_FILES - WAITING - YOUNG) / FILES_PER_CLIENT);
        int room = Math.clamp(clients, MIN_CLIENTS, 100_000);
        return new ConnectionLimits(
                WAITING, WAITING_OF_ONE, YOUNG, room, Math.max(MIN_CLIENTS, room / 32));
    }

    /** The soft limit in /proc (proc(5)), which the JVM has raised to the hard limit. */
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
