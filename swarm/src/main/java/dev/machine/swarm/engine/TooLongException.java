package dev.machine.swarm.engine;

import java.io.IOException;

/** An engine's answer is longer, or holds more, than the endpoint takes from one. */
public final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    public TooLongException(String sentence) {
        super(sentence);
    }
}
