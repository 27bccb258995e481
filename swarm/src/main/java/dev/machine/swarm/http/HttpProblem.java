package dev.machine.swarm.http;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;

/**
 * An error that a client of the endpoint sees: an HTTP status and one sentence, sent as {@code
 * {"message": …}}.
 */
public final class HttpProblem extends MachineException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpProblem(int status, String message) {
        super(message, null, ExitCode.ERROR);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
