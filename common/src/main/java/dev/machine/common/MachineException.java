package dev.machine.common;

import org.jspecify.annotations.Nullable;

/**
 * The one root of every error that a user may see. Its message is one sentence that says what went
 * wrong and where; its hint, if any, says what to do next; its exit code is one of {@link
 * ExitCode}. Exceptions of libraries are wrapped into it where the library is called, as its cause.
 *
 * <p>It has subclasses where a caller must tell errors apart.
 */
public class MachineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;
    private final int exitCode;

    public MachineException(String message) {
        this(message, null, ExitCode.ERROR, null);
    }

    public MachineException(String message, @Nullable Throwable cause) {
        this(message, null, ExitCode.ERROR, cause);
    }

    public MachineException(String message, @Nullable String hint, int exitCode) {
        this(message, hint, exitCode, null);
    }

    public MachineException(
            String message, @Nullable String hint, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
        this.exitCode = exitCode;
    }

    /** The error of a wait that was interrupted; the thread stays interrupted. */
    public static MachineException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new MachineException("interrupted", null, ExitCode.INTERRUPTED, e);
    }

    /** What to do next, as a sentence or a command line; null when the message already says it. */
    public @Nullable String hint() {
        return hint;
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** The message, which is never null: every constructor takes one. */
    public String sentence() {
        String message = getMessage();
        return message == null ? getClass().getSimpleName() : message;
    }
}
