package dev.machine.common;

import org.jspecify.annotations.Nullable;

/**
 * The one root of every error that a user may see. Its message is one sentence that says what went
 * wrong and where; its hint, if any, says what to do next; its exit code is one of {@link
 * ExitCode}. Exceptions of libraries are wrapped into this in the adapter that calls them and
 * travel on as the cause.
 *
 * <p>Open for children where a caller must tell errors apart.
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

    /** What a wait ends with that was interrupted; the thread stays so. */
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

    /** The message as it never is null: every constructor asks for one. */
    public String sentence() {
        String message = getMessage();
        return message == null ? getClass().getSimpleName() : message;
    }
}
