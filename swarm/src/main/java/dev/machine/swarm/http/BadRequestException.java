package dev.machine.swarm.http;

import java.io.IOException;

/** What a client sent is not HTTP as we take it; the sentence goes into the answer. */
final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
