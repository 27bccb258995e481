package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The copy of the user's key in a machine's folder. We log in with it, and {@code machine ssh}
 * gives it to OpenSSH, which is stricter: so it is written in OpenSSH's format with mode 0600, its
 * certificate beside it, and OpenSSH is asked whether it accepts it.
 */
public final class KeyCopy {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MAX_OUTPUT_BYTES = 4096;

    private KeyCopy() {}

    /**
     * Copies a private key and the certificate beside it, if there is one.
     *
     * @throws MachineException exit 3 if it cannot be read or OpenSSH refuses it; then there is no
     *     copy
     */
    public static void write(Path key, Path copy) {
        try {
            KeyFile read = KeyFile.read(key);
            byte[] text = read.text().getBytes(StandardCharsets.ISO_8859_1);
            AtomicFiles.write(copy, text, AtomicFiles.PRIVATE);
            Optional<String> refusal = read.isPrivate() ? refusal(copy) : Optional.empty();
            if (refusal.isPresent()) {
                Files.delete(copy);
                throw new MachineException(
                        "OpenSSH does not take the SSH key %s: %s".formatted(key, refusal.get()),
                        "name a key in OpenSSH's form: ssh-keygen makes one, and puttygen KEY -O"
                                + " private-openssh -o NEW converts PuTTY's",
                        ExitCode.PRE_CREATE_CHECK);
            }
            Path certificate = KeyFile.certificate(key);
            if (Files.isRegularFile(certificate)) {
                AtomicFiles.write(
                        KeyFile.certificate(copy),
                        AtomicFiles.read(certificate),
                        AtomicFiles.PRIVATE);
            } else {
                Files.deleteIfExists(KeyFile.certificate(copy));
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read the SSH key " + key + ": " + AtomicFiles.reason(e),
                    "name an existing private key",
                    ExitCode.PRE_CREATE_CHECK,
                    e);
        }
    }

    /** The path where ssh looks for a key's certificate. */
    public static Path certificate(Path key) {
        return KeyFile.certificate(key);
    }

    /** Why OpenSSH refuses a key; empty if it accepts the key or is not installed. */
    private static Optional<String> refusal(Path key) throws IOException {
        ProcessBuilder question =
                new ProcessBuilder("ssh-keygen", "-y", "-P", "", "-f", key.toString())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true);
        question.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = question.start();
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            String said =
                    new String(
                                    process.getInputStream().readNBytes(MAX_OUTPUT_BYTES),
                                    StandardCharsets.UTF_8)
                            .strip();
            return process.exitValue() == 0 || said.contains("incorrect passphrase")
                    ? Optional.empty()
                    : Optional.of(said.substring(said.lastIndexOf(": ") + 1).strip());
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
