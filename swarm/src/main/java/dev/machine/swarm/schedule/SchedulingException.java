package dev.machine.swarm.schedule;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;

/** A container cannot be placed, or its name cannot be taken; the message says why. */
public final class SchedulingException extends MachineException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is in the way. */
    public enum Kind {
        /** The request itself: it would be refused in every swarm. */
        INVALID,
        /** Another container has the name, or the volumes are where it cannot go. */
        CONFLICT,
        /** No node meets all conditions, or none has room. */
        NO_NODE
    }

    SchedulingException(Kind kind, String message) {
        super(message, null, ExitCode.ERROR);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
