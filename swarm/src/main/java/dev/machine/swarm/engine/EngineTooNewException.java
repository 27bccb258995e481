package dev.machine.swarm.engine;

import java.io.IOException;

/**
 * An engine does not speak any version of the API that the endpoint knows. It is not called: in an
 * older version than its oldest it answers nothing but errors.
 */
final class EngineTooNewException extends IOException {
    private static final long serialVersionUID = 1L;

    EngineTooNewException(ApiVersion lowest) {
        super(
                "its Docker is too new for this endpoint: it speaks API "
                        + lowest
                        + " and newer, this endpoint up to "
                        + ApiVersion.NEWEST);
    }
}
