package dev.machine.provisioning.ssh;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A shell on a node. Every call is one channel of the one connection. It throws {@link
 * dev.machine.common.MachineException} when the connection breaks or the deadline passes; otherwise
 * it returns, whatever the exit status is.
 */
public interface NodeShell extends AutoCloseable {
    /**
     * For a script that normally takes a second or two. A busy board with one core and a slow card
     * may need minutes, and a dead node is noticed by its connection much earlier.
     */
    Duration SHORT = Duration.ofMinutes(3);

    /** Runs a script as the user that logged in. */
    ScriptResult asUser(Script script, Duration deadline);

    /** Runs a {@link #SHORT} script as the user that logged in. */
    default ScriptResult asUser(Script script) {
        return asUser(script, SHORT);
    }

    /**
     * Runs a script as root in the way set by {@link #becomeRootBy}; each line of its output goes
     * to {@code lines}.
     */
    ScriptResult asRoot(Script script, Duration deadline, Consumer<String> lines);

    /** Runs a script as root. */
    default ScriptResult asRoot(Script script, Duration deadline) {
        return asRoot(script, deadline, line -> {});
    }

    /** Runs a {@link #SHORT} script as root. */
    default ScriptResult asRoot(Script script) {
        return asRoot(script, SHORT);
    }

    /** Sets how scripts become root from now on. */
    void becomeRootBy(RootAccess access);

    /** Whether the login used the one-time password, so that a key must be installed. */
    boolean byPassword();

    @Override
    void close();
}
