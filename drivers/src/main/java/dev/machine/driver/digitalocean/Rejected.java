package dev.machine.driver.digitalocean;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import org.jspecify.annotations.Nullable;

/** DigitalOcean understood a request and refused it; nothing was done. */
final class Rejected extends MachineException {
    static final int UNAUTHORIZED = 401;
    static final int NOT_FOUND = 404;
    static final int TOO_MANY = 429;

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param request method and path, as {@code POST /v2/droplets}
     * @param reason what it answered
     */
    Rejected(int status, String request, String reason) {
        super(
                "DigitalOcean refuses %s: %s (%d)".formatted(request, reason, status),
                hint(status),
                status == UNAUTHORIZED ? ExitCode.UNREACHABLE : ExitCode.ERROR);
        this.status = status;
    }

    int status() {
        return status;
    }

    private static @Nullable String hint(int status) {
        return switch (status) {
            case UNAUTHORIZED -> "is the token right, and still valid?";
            case 403 -> "the token may read, but not write";
            case TOO_MANY -> "wait, then type the same again: it goes on from where it is";
            default -> null;
        };
    }
}
