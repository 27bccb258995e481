package dev.machine.swarm.http;

import java.io.IOException;

/**
 * A client's request is not valid HTTP, or is of a form that is refused; the message goes into the
 * answer.
 */
final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
