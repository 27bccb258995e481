package dev.machine.common;

/**
 * The exit codes of {@code machine}, as {@code machine help exit-codes} prints them. They are part
 * of the command line's contract: scripts branch on them.
 */
public final class ExitCode {
    public static final int OK = 0;
    public static final int ERROR = 1;
    public static final int USAGE = 2;
    public static final int PRE_CREATE_CHECK = 3;
    public static final int SOME_FAILED = 4;
    public static final int NOT_FOUND = 5;
    public static final int UNREACHABLE = 6;
    public static final int HOST_KEY_CHANGED = 7;
    public static final int INTERRUPTED = 130;

    /**
     * The reader of the output has closed it: 128 and the number of SIGPIPE, as shells report it.
     */
    public static final int PIPE_CLOSED = 141;

    private ExitCode() {}
}
