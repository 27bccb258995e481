package dev.machine.driver.digitalocean;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import org.jspecify.annotations.Nullable;

/** There was no answer that says whether a request was carried out. */
final class NoAnswer extends MachineException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String request, String reason, @Nullable Throwable cause) {
        super(
                "DigitalOcean did not answer %s: %s".formatted(request, reason),
                "type the same again: it goes on from where it is, and nothing is bought twice",
                ExitCode.UNREACHABLE,
                cause);
    }
}
