package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/** Passwords and tokens that can be looked for, because nothing else looks like them. */
final class Secrets {
    private Secrets() {}

    static String fresh() {
        return "Pw" + new BigInteger(80, new SecureRandom()).toString(36);
    }

    /**
     * Looks at every process of this computer; those of nodes are among them, as their pid
     * namespaces are children of ours.
     */
    static void assertNoProcessKnows(String secret) {
        assertNoOtherProcessKnows(secret, 0);
    }

    /** The same, but for the process that was given it by a variable. */
    static void assertNoOtherProcessKnows(String secret, long pid) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            List<Path> files =
                    processes
                            .filter(process -> process.getFileName().toString().matches("\\d+"))
                            .filter(process -> !process.endsWith(Long.toString(pid)))
                            .flatMap(
                                    process ->
                                            Stream.of(
                                                    process.resolve("cmdline"),
                                                    process.resolve("environ")))
                            .filter(file -> read(file).contains(secret))
                            .toList();
            assertThat(files).as("processes that show the password").isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * In no output, in no file of the store, in no file of the node where something of a login may
     * end.
     */
    static void assertNowhere(String secret, Machine machine, String node, Output output) {
        assertThat(output.all()).doesNotContain(secret);
        assertThat(filesWith(secret, machine.store())).isEmpty();
        assertThat(filesWith(secret, machine.home())).isEmpty();
        assertThat(filesOfNode(secret, node)).as("files of the node with the secret").isEmpty();
    }

    /** Where something of a login may end on a node. */
    static String filesOfNode(String secret, String node) {
        // The script reads the secret, or grep would find its own command line in /run or a log.
        return Lab.node(
                        node,
                        "cat >/dev/shm/needle; grep -rlaFf /dev/shm/needle /etc /var/log /var/lib/sudo /root /home /tmp"
                                + " /run /var/tmp 2>/dev/null; rm /dev/shm/needle",
                        secret)
                .out();
    }

    private static List<Path> filesWith(String secret, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(secret))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // A process that has ended, or a kernel thread.
            return "";
        }
    }
}
