package dev.machine.e2e;

import java.time.Duration;
import java.util.List;

/** What a process said, and how it ended. */
record Output(List<String> command, int status, String out, String err, Duration took) {
    /** Its standard output without the last newline, if it ended well. */
    String ok() {
        return exits(0).out().stripTrailing();
    }

    /** Insists on an exit code. */
    Output exits(int code) {
        if (status != code) {
            throw new AssertionError("expected " + code + ": " + this);
        }
        return this;
    }

    /** Both streams. */
    String all() {
        return out + err;
    }

    @Override
    public String toString() {
        return "%s -> %d after %d ms%nstdout: %s%nstderr: %s"
                .formatted(String.join(" ", command), status, took.toMillis(), out, err);
    }
}
