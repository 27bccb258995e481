package dev.machine.driver.digitalocean;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.SshOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The access token, or the file that contains it: the name {@code @FILE} may be remembered and is
 * read each time; the token itself is never remembered.
 */
final class AccessToken {
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]+");

    private AccessToken() {}

    /**
     * The token that a text means.
     *
     * @throws MachineException (exit code 6) if the file cannot be read or its text cannot be a
     *     token; the message does not show the text
     */
    static String read(String text) {
        String token = text.startsWith("@") ? content(file(text)) : text.strip();
        if (!FORM.matcher(token).matches()) {
            throw new MachineException(
                    "the DigitalOcean token is empty or has characters that no token has",
                    null,
                    ExitCode.UNREACHABLE);
        }
        return token;
    }

    /** What may be remembered: the file's absolute name; empty if the text is the token itself. */
    static Optional<String> reference(String text) {
        return text.startsWith("@")
                ? Optional.of("@" + file(text).toAbsolutePath())
                : Optional.empty();
    }

    private static Path file(String text) {
        return SshOptions.path(text.substring(1));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read the DigitalOcean token from "
                            + file
                            + ": "
                            + AtomicFiles.reason(e),
                    "write it there, or set DIGITALOCEAN_ACCESS_TOKEN",
                    ExitCode.UNREACHABLE,
                    e);
        }
    }
}
